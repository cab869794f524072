"""Import and export: how work comes into a project and leaves it."""

from annotator.services.export_choices import ExportChoices, statuses_named
from annotator.services.exporting import ExportReport, export
from annotator.services.import_report import ImportReport
from annotator.services.importing import As, Choices, Models, Progress, import_files
from annotator.services.label_mapping import LabelChoices, Others
from annotator.services.splits import Split

__all__ = [
    "As",
    "Choices",
    "ExportChoices",
    "ExportReport",
    "ImportReport",
    "LabelChoices",
    "Models",
    "Others",
    "Progress",
    "Split",
    "export",
    "import_files",
    "statuses_named",
]
