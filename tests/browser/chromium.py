"""Headless Chromium, from the PATH or from Debian's package."""

import os

from playwright.sync_api import Browser, Playwright

from tests.programs import program


def chromium(playwright: Playwright) -> Browser:
    """Start it."""
    found = program("chromium", "chromium", "usr/lib/chromium/chromium")
    return playwright.chromium.launch(
        executable_path=found.path,
        env={**os.environ, **found.environment},
        # No sandbox of its own: tests run in containers, and open our page alone. One font everywhere.
        args=["--no-sandbox", "--font-render-hinting=none"],
    )
