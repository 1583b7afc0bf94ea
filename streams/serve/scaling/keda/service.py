"""KEDA's external scaler: what it asks over gRPC, answered by the desk.

An answer that is refused is an error here, never a value: KEDA then counts a failure, and does what the ScaledObject's
`fallback` says.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from math import ceil
from typing import NoReturn

import grpc

from streams.serve.scaling.core.decision import Decision
from streams.serve.scaling.core.desk import Desk
from streams.serve.scaling.core.refusals import Refusal
from streams.serve.scaling.keda.access import Access, Context
from streams.serve.scaling.keda.status import REASON_KEY, status_of
from streams.serve.scaling.proto import externalscaler_pb2 as pb
from streams.serve.scaling.proto import externalscaler_pb2_grpc as pb_grpc
from streams.serve.scaling.refused import acted_on
from streams.serve.scaling.rhythm import Rhythm
from streams.settings.scalers import Scaler

METRIC_PREFIX = "foreshock-"
SCALER_KEY = "scaler"
"""The key of a trigger's metadata that names the scaler."""


class ExternalScaler(pb_grpc.ExternalScalerServicer):
    """Answers KEDA, by the clock that it is given."""

    def __init__(self, desk: Desk, now_ms: Callable[[], int], rhythm: Rhythm, access: Access) -> None:
        self._desk = desk
        self._now_ms = now_ms
        self._rhythm = rhythm
        self._access = access

    async def IsActive(self, request: pb.ScaledObjectRef, context: Context) -> pb.IsActiveResponse:  # noqa: N802  # KEDA's
        """Whether at least one replica is needed."""
        decision = await self._decision(request, context)
        return pb.IsActiveResponse(result=decision.replicas > 0)

    async def StreamIsActive(  # noqa: N802
        self, request: pb.ScaledObjectRef, context: Context
    ) -> AsyncIterator[pb.IsActiveResponse]:
        """The same at once, and whenever it has changed; while there is no answer, nothing is said."""
        scaler = await self._scaler(request, context)
        said: bool | None = None
        async for _ in self._rhythm.beats():
            answer = acted_on(self._desk.ask(scaler.name, self._now_ms()).answer)
            if isinstance(answer, Decision) and (answer.replicas > 0) != said:
                said = answer.replicas > 0
                yield pb.IsActiveResponse(result=said)

    async def GetMetricSpec(  # noqa: N802
        self, request: pb.ScaledObjectRef, context: Context
    ) -> pb.GetMetricSpecResponse:
        """The metric and its target, which don't depend on any forecast: the HPA can be made before there is one."""
        scaler = await self._scaler(request, context)
        target = 1.0 if scaler.output == "replicas" else scaler.per_replica
        # Whole targets are for old releases of KEDA, and at least 1: it would divide by zero.
        spec = pb.MetricSpec(metricName=metric_name(scaler), targetSize=max(ceil(target), 1), targetSizeFloat=target)
        return pb.GetMetricSpecResponse(metricSpecs=[spec])

    async def GetMetrics(self, request: pb.GetMetricsRequest, context: Context) -> pb.GetMetricsResponse:  # noqa: N802
        """The value: replicas or load, in all, which the HPA divides by the target."""
        decision = await self._decision(request.scaledObjectRef, context)
        # KEDA reads the whole number where the other one is not above zero, so both must hold.
        value = pb.MetricValue(
            metricName=request.metricName, metricValue=ceil(decision.value), metricValueFloat=decision.value
        )
        return pb.GetMetricsResponse(metricValues=[value])

    async def StreamMetricSpec(  # noqa: N802
        self, request: pb.ScaledObjectRef, context: Context
    ) -> AsyncIterator[pb.GetMetricSpecResponse]:
        """Targets don't change while we run; KEDA asks no more once it knows."""
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "targets don't change while foreshock runs")
        yield pb.GetMetricSpecResponse()  # type: ignore[unreachable]  # it makes this a stream

    async def _decision(self, request: pb.ScaledObjectRef, context: Context) -> Decision:
        scaler = await self._scaler(request, context)
        answer = acted_on(self._desk.ask(scaler.name, self._now_ms()).answer)
        if isinstance(answer, Refusal):
            await _refuse(context, answer)
        return answer

    async def _scaler(self, request: pb.ScaledObjectRef, context: Context) -> Scaler:
        """The scaler that a trigger names, if who asks may see it."""
        name = request.scalerMetadata.get(SCALER_KEY)
        if not name:
            await context.abort(
                grpc.StatusCode.INVALID_ARGUMENT, f"the trigger's metadata must name a scaler: {SCALER_KEY}: NAME"
            )
        visible = await self._access.visible(context, request.scalerMetadata, self._desk.scalers)
        if name not in visible:
            await context.abort(grpc.StatusCode.NOT_FOUND, f"no scaler {name!r}; {_there_are(list(visible))}")
        return visible[name]


def metric_name(scaler: Scaler) -> str:
    """Of a scaler, for the HPA."""
    return METRIC_PREFIX + scaler.name


def _there_are(names: Sequence[str]) -> str:
    return f"there are {', '.join(names)}" if names else "there is none"


async def _refuse(context: Context, refusal: Refusal) -> NoReturn:
    context.set_trailing_metadata(((REASON_KEY, refusal.reason.value),))
    await context.abort(status_of(refusal.reason), f"{refusal.reason}: {refusal.message}")
