"""Work of several people: articles are handed out, and what comes back is brought in."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.wording import listed

if TYPE_CHECKING:
    from annotator.services.handout import HandoutReport
    from annotator.services.merging import MergeReport, Terms
    from annotator.ui.collect_dialog import CollectDialog
    from annotator.ui.window import Window


class Team:
    """Asks in dialogs and lets a worker do it; what came of it stands in the bar."""

    def __init__(self, window: "Window") -> None:
        self._window = window

    def hand_out(self) -> None:
        """Asks who gets how much, and shows what that comes to."""
        from annotator.ui.hand_out_dialog import HandOutDialog

        labelling = self._window.page.labelling
        dialog = HandOutDialog(
            self._window.files.project(), labelling.annotator if labelling else "", self._window
        )
        dialog.agreed.connect(self.hand_out_to)
        dialog.open()

    def hand_out_to(
        self, folder: Path, people: Sequence[str], overlap: float, seed: int, unfinished: bool
    ) -> None:
        from annotator.services import handout
        from annotator.ui.aside import Aside

        Aside(self._window, "Handing out").run(
            lambda project, told: handout.hand_out(
                project, folder, people, overlap=overlap, seed=seed, unfinished=unfinished, told=told
            ),
            self._tell_handout,
        )

    def collect(self) -> None:
        """Shows who is where, and takes the files that came back."""
        self._collect()

    def bring_in(self, files: Sequence[Path], terms: "Terms") -> None:
        """Merges files; who is where is shown again with what came of them."""
        from annotator.services import merging
        from annotator.ui.aside import Aside

        Aside(self._window, "Merging").run(
            lambda project, told: merging.merge(project, files, terms=terms, progress=told), self._tell_merge
        )

    def _collect(self) -> "CollectDialog":
        from annotator.services import handout
        from annotator.ui.collect_dialog import CollectDialog

        window = self._window
        project = window.files.project()
        dialog = CollectDialog(project, handout.progress(project), window.background, window)
        dialog.folder = window.settings.folder
        dialog.agreed.connect(self.bring_in)
        dialog.open()
        return dialog

    def _tell_handout(self, report: "HandoutReport") -> None:
        names = listed([each.name for each in report.handed])
        articles = sum(each.articles - each.shared for each in report.handed) + report.handed[0].shared
        self._window.notice.tell(
            f"{counted(articles, 'article')} handed out to {names}. "
            f"Their files are in {report.handed[0].path.parent}.",
            choices=[("Who got what", partial(self._window.show_lines, "Who got what", report.lines()[:-1]))],
            role=style.GOOD,
        )

    def _tell_merge(self, report: "MergeReport") -> None:
        self._collect().show_report(report)
