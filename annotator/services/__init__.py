"""What a person can do, one method a gesture, one transaction each."""
