"""What the wheel carries beside the package's own files: the demo, and the assets, without which it is not built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DEMO = Path("examples") / "demo_park"  # the source of truth; `greenpark demo` finds its copy in the package
ASSETS = Path("src") / "greenpark" / "publish" / "assets"
NEEDED = ("echarts.min.js", "echarts.LICENSE", "echarts.NOTICE", "zrender.LICENSE")
RESULTS = {"out", "workspace", "expected", "__pycache__"}


class WheelContents(BuildHookInterface[BuilderConfig]):
    """Adds the demo to a wheel; an editable installation reads it from the clone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the demo's files, and refuse to build a wheel that draws no chart."""
        if version == "editable":
            return
        root = Path(self.root)
        missing = [name for name in NEEDED if not (root / ASSETS / name).is_file()]
        if missing:
            raise FileNotFoundError(f"{ASSETS} lacks {', '.join(missing)}: run `make wheel`, which fetches them")
        for path in sorted((root / DEMO).rglob("*")):
            inside = path.relative_to(root / DEMO)
            if path.is_file() and not RESULTS & set(inside.parts):
                build_data["force_include"][str(path)] = f"greenpark/demo/{inside.as_posix()}"
