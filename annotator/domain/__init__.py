"""The words of the field as values: no Qt, no I/O, standard library only."""
