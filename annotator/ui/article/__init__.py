"""The article view: draws a text with its marks, never altering it; one moves and selects in it."""

from annotator.ui.article.motion import Motion
from annotator.ui.article.view import ArticleView

__all__ = ["ArticleView", "Motion"]
