"""What the bot waits for is waited for in the next message only."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import AWAITS


class Settled(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """An action after which the bot listens, and waits for nothing unless the action itself says for what."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def name(self) -> str:
        """The name of the action itself."""
        return str(self._action.name())

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Run the action; what was waited for before it has come, or will not."""
        events: list[dict[str, Any]] = await self._action.run(dispatcher, tracker, domain)
        if tracker.get_slot(AWAITS) is not None and not any(event.get("name") == AWAITS for event in events):
            events = [*events, SlotSet(AWAITS, None)]
        # Where the action waits for something else than its rule foresaw, Rasa would not know that it has to listen.
        goes_on = any(event.get("event") == "followup" for event in events)
        return events if goes_on else [*events, FollowupAction("action_listen")]
