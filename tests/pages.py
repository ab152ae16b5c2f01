"""A page in a browser without a network, and what it asks for and complains about."""

from pathlib import Path
from typing import Any


class Opened:
    """A page that is open; `noise` is all that it asked for, said, or put before the reader.

    `bypass_csp` is for tools that a test brings into the page.
    """

    def __init__(
        self, browser: Any, path: Path, width: int = 1280, *, dark: bool = False,
        bypass_csp: bool = False, offline: bool = True,
    ):  # fmt: skip
        self.context = browser.new_context(
            viewport={"width": width, "height": 800},
            offline=offline,
            color_scheme="dark" if dark else "light",
            bypass_csp=bypass_csp,
        )
        self.page = self.context.new_page()
        self.noise: list[str] = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("request", lambda request: self.noise.append(request.url))
        self.page.on("dialog", self._dialog)
        self.page.goto(path.as_uri())

    def _dialog(self, dialog: Any) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
