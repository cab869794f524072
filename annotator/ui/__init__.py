"""The window: widgets that draw and forward. The only package that imports Qt."""
