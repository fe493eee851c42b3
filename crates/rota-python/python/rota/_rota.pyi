from typing import Callable, Optional, Tuple

__version__: str

class Cancel:
    """Asks work to end with the best found so far. Any thread may cancel, before the work or during it."""

    def __init__(self) -> None: ...
    def cancel(self) -> None:
        """Asks the work to end soon."""
    @property
    def cancelled(self) -> bool:
        """Whether it was asked for."""

def ask(
    kind: str,
    scenario: Optional[str],
    rest: str,
    on_progress: Optional[Callable[[str], object]] = None,
    cancel: Optional[Cancel] = None,
) -> Tuple[str, int, bool]: ...
