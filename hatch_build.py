"""Build hook: Python stubs from the .proto files, beside them, when a wheel or an editable install is made."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROTOS = "streams/serve/scaling/proto"


class StubsHook(BuildHookInterface[Any]):
    """Runs protoc. Generated modules import each other by their places in the package, so its root is the root here."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate modules and, for type checkers, their stubs."""
        generate(Path(self.root))


def generate(root: Path) -> None:
    """Generate what belongs to every .proto file.

    Raises
    ------
    RuntimeError
        If protoc refuses one; it has said why.
    """
    from grpc_tools import protoc

    files = [str(path.relative_to(root)) for path in sorted((root / PROTOS).glob("*.proto"))]
    outputs = ["--python_out", "--grpc_python_out", "--mypy_out", "--mypy_grpc_out"]
    # protoc looks for plugins on the PATH, where an environment's programs need not be.
    plugins = [f"--plugin={name}={_program(name)}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")]
    # The standard types come with grpc_tools.
    standard = Path(protoc.__file__).parent / "_proto"
    arguments = ["protoc", f"-I{root}", f"-I{standard}", *plugins, *[f"{output}={root}" for output in outputs]]
    if protoc.main([*arguments, *[str(root / file) for file in files]]):
        raise RuntimeError(f"protoc could not read {', '.join(files)}")


def _program(name: str) -> str:
    """A program beside the running Python, or of an environment that was laid over it for the build."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if found is None:
        raise RuntimeError(f"{name} is not there; it comes with mypy-protobuf")
    return found
