"""The project file: opening, checking, logging gestures, undo, queries."""
