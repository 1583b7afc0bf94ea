"""KEDA's side, in a process of its own: a client that protoc made of the published proto.

Run by the tests as a file, with the generated modules' folder as its first argument and the address as its second, then
files of an authority, a certificate and a key where the connection is encrypted. A line of standard input is a call as
JSON, {"call": "GetMetrics", "scaler": "shop", "metadata": {}, "headers": {}}; a line out is what came, or the error. A
stream has a line for each message, at most "messages" of them.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import grpc

TIMEOUT_S = 20.0


def main() -> None:
    sys.path.insert(0, sys.argv[1])
    pb, stubs = (importlib.import_module(name) for name in ("externalscaler_pb2", "externalscaler_pb2_grpc"))
    with _channel(sys.argv[2], sys.argv[3:]) as channel:
        stub = stubs.ExternalScalerStub(channel)
        for line in sys.stdin:
            for answer in _answers(pb, stub, json.loads(line)):
                print(json.dumps(answer), flush=True)  # noqa: T201  # what the test reads


def _channel(address: str, files: list[str]) -> grpc.Channel:
    if not files:
        return grpc.insecure_channel(address)
    authority, *pair = [Path(file).read_bytes() for file in files]
    certificate, key = pair or (None, None)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(authority, key, certificate))


def _answers(pb: Any, stub: Any, call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    metadata = {"scaler": call["scaler"]} if "scaler" in call else {}
    reference = pb.ScaledObjectRef(name="web", namespace="shop", scalerMetadata=metadata | call.get("metadata", {}))
    request = reference
    if call["call"] == "GetMetrics":
        request = pb.GetMetricsRequest(scaledObjectRef=reference, metricName="foreshock-" + call["scaler"])
    headers = tuple(call.get("headers", {}).items())
    try:
        answer = getattr(stub, call["call"])(request, timeout=TIMEOUT_S, metadata=headers)
        if call["call"].startswith("Stream"):
            yield from map(_plain, islice(answer, call["messages"]))
        else:
            yield _plain(answer)
    except grpc.RpcError as error:
        trailing: Any = error.trailing_metadata() or ()
        reason = dict(trailing).get("foreshock-reason")
        yield {"code": error.code().name, "details": error.details(), "reason": reason}


def _plain(message: Any) -> dict[str, Any]:
    """What KEDA reads."""
    if hasattr(message, "result"):
        return {"result": message.result}
    if hasattr(message, "metricSpecs"):
        return {"specs": [[spec.metricName, spec.targetSize, spec.targetSizeFloat] for spec in message.metricSpecs]}
    return {"values": [[value.metricName, value.metricValue, value.metricValueFloat] for value in message.metricValues]}


if __name__ == "__main__":
    main()
