"""Messages of the bot that tests of several channels render."""

from knowledge.messages import Kind, Message, Progress, Suggestion

FIRST_STEP = Message(
    kind=Kind.CHOICE,
    text="In welchem Land?",
    lang="de",
    progress=Progress(step=1, of=4, label="Land"),
    suggestions=[Suggestion(title="Hessen", payload="Hessen"), Suggestion(title="Saarland", payload="Saarland")],
    confidence=1,
)
