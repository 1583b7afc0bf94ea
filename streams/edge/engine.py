"""The pure code that the worker runs."""

from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.runtime.parts import Engine
from streams.settings.model import Settings


def engine_of(settings: Settings) -> Engine:
    """The engine that these settings describe."""
    config, correlate = PipelineConfig.from_settings(settings), CorrelateConfig.from_settings(settings)
    return Engine(
        ingest=lambda: Ingest(settings),
        pipeline=lambda partition: PartitionPipeline(config, partition),
        correlate=lambda partition: CorrelatePipeline(correlate, partition),
    )
