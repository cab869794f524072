"""Import and export: how work comes into a project and leaves it."""

from annotator.services.exporting import ExportReport, export
from annotator.services.importing import As, ImportReport, Progress, import_files

__all__ = ["As", "ExportReport", "ImportReport", "Progress", "export", "import_files"]
