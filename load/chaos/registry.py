"""The scenarios by name, in the order in which they are run."""

from load.chaos.scenarios import behind, bombs, brokers, corruption, topics, zombies
from load.chaos.scenarios.kills import KILLS
from load.chaos.scenarios.scenario import Scenario
from load.chaos.trials.hot_entity import HOT_ENTITY
from load.chaos.trials.series_flood import SERIES_FLOOD
from load.chaos.trials.trial import Trial

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        KILLS,
        *(brokers.RESTARTS, brokers.LOSS),
        *(zombies.PAUSES, zombies.DUEL),
        *(topics.MISMATCH, topics.TRUNCATED_BEFORE, topics.TRUNCATED_AFTER, topics.DELETED),
        *(topics.SOURCE_ANEW, topics.SAMPLES_ANEW),
        *(corruption.CORRUPTION, corruption.CORRUPTION_CUT),
        bombs.BOMBS,
        behind.BEHIND,
    )
}

TRIALS: dict[str, Trial] = {trial.name: trial for trial in (SERIES_FLOOD, HOT_ENTITY)}
