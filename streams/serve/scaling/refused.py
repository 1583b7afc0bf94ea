"""What a decision is to whoever would act on it: one of a dry run is a refusal."""

from streams.serve.scaling.core.decision import Decision
from streams.serve.scaling.core.refusals import Refusal, RefusalReason


def acted_on(answer: Decision | Refusal) -> Decision | Refusal:
    """The answer as an autoscaler gets it."""
    if isinstance(answer, Decision) and answer.dry_run:
        return Refusal(RefusalReason.DRY_RUN, f"{answer.scaler} is on a dry run: it would have said {answer.value:g}")
    return answer
