"""Import and export: how work comes into a project and leaves it."""

from annotator.services.exporting import ExportReport, export
from annotator.services.import_report import ImportReport
from annotator.services.importing import As, Choices, Models, Progress, import_files
from annotator.services.label_mapping import LabelChoices, Others

__all__ = [
    "As",
    "Choices",
    "ExportReport",
    "ImportReport",
    "LabelChoices",
    "Models",
    "Others",
    "Progress",
    "export",
    "import_files",
]
