"""What a request asks for: the parameters that lists share, and the context that answers come from."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from streams.serve.api.auth import ANYBODY, Guest
from streams.serve.api.errors import ApiError
from streams.serve.board.directory import Pair
from streams.serve.board.gist import INSTANT_MS_MAX
from streams.serve.board.lists import Wanted
from streams.serve.context import ServeContext

LIMIT_MAX, LIMIT = 200, 50
LABELS_MAX = 16
TEXT_CHARACTERS_MAX = 256
NAME_CHARACTERS_MAX = 4_096
CURSOR_CHARACTERS_MAX = 4_096

Text = Annotated[str, Field(min_length=1, max_length=TEXT_CHARACTERS_MAX)]
SeriesName = Annotated[str, Field(min_length=1, max_length=NAME_CHARACTERS_MAX, description="The series, as written.")]
InstantMs = Annotated[int, Field(ge=0, le=INSTANT_MS_MAX)]


class Parameters(BaseModel):
    """Parameters of a query; one that is not known is refused, for a misspelt filter would show everything."""

    model_config = ConfigDict(extra="forbid")


class ListParameters(Parameters):
    """What all lists take."""

    label: list[Text] = Field(
        default=[], max_length=LABELS_MAX, description="A label that must be there, as name=value; may be repeated."
    )
    metric: Text | None = Field(default=None, description="A glob pattern of the metric.")
    q: Text | None = Field(default=None, description="Words that occur in the metric or in the labels' values.")
    limit: int = Field(default=LIMIT, ge=1, le=LIMIT_MAX, description="How many items at most.")
    cursor: str | None = Field(
        default=None, max_length=CURSOR_CHARACTERS_MAX, description="`next` of the page before this one."
    )


class SeriesParameters(Parameters):
    """What is asked of one series."""

    series: SeriesName


class Asked:
    """A request's context, and who asks."""

    def __init__(self, request: Request) -> None:
        context: ServeContext = request.app.state.context
        guest: Guest | None = getattr(request.state, "guest", ANYBODY)
        if guest is None:
            raise ApiError(401, "unauthorized", "a token is required")
        self.request, self.context, self.guest = request, context, guest
        self.board, self.now_ms = context.board, context.now_ms()

    def wanted(self, given: ListParameters) -> Wanted:
        """The filter of a list, cut down to what this one may see."""
        labels = tuple([pair_of(label) for label in given.label])
        return Wanted(labels=self.guest.labels + labels, metric=given.metric, text=given.q)

    def may_see(self, name: str) -> bool:
        """Whether a series or an entity is there, and has the labels that this one's records must have."""
        number = self.board.directory.number(name)
        if number is None or not self.board.subjects.shown()[number]:
            return False
        mask = self.board.directory.having(self.guest.labels)
        return mask is None or bool(mask[number])


def _whole(request: Request) -> Asked:
    asked = Asked(request)
    if not asked.context.standing.caught_up:
        reason = asked.context.standing.waits_for or "reading"
        raise ApiError(503, "not_ready", f"not everything is read yet; this waits for {reason}")
    return asked


WhoeverAsks = Annotated[Asked, Depends(Asked)]
"""Answers while the topics are still being read, too."""

WholeBoard = Annotated[Asked, Depends(_whole)]
"""Answers once the topics were read to their ends: half of a list would be taken for all of it."""


def pair_of(label: str) -> Pair:
    """A label of a query."""
    name, equals, value = label.partition("=")
    if not (name and equals):
        raise ApiError(422, "bad_parameter", f"a label is written name=value, got {label!r:.80}", "label")
    return name, value
