"""The whole examination of a topic's sample, from its messages to a configuration that reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from streams.doctor.advice import configuration
from streams.doctor.courses import Courses, look_at_courses
from streams.doctor.decoding import Decoded, decode
from streams.doctor.entities import Entities, look_at_entities
from streams.doctor.rules import Candidate, candidates, percentages
from streams.doctor.sample import TopicSample
from streams.doctor.trial import Trial, try_out
from streams.settings.limits import LimitSettings
from streams.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found; `text` is the configuration, and `trial` what it does with the sample."""

    sample: TopicSample
    decoded: Decoded
    courses: Courses
    entities: Entities
    rules: list[Candidate]
    text: str
    trial: Trial


def examine(sample: TopicSample, servers: Sequence[str]) -> Examination:
    """Look at everything, and try the configuration out."""
    decoded = decode(sample, LimitSettings())
    courses, entities = look_at_courses(decoded, sample), look_at_entities(decoded, sample)
    rules = candidates(decoded, entities.labels)
    text = configuration(servers, sample, decoded, courses, entities, rules, percentages(decoded))
    # One partition: a sample is small, and what is refused does not depend on their number.
    settings = Settings.model_validate(yaml.safe_load(text) | {"topics": {"partitions": 1}})
    return Examination(sample, decoded, courses, entities, rules, text, try_out(sample, settings))
