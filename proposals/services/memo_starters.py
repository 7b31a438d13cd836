"""Predictions and exit triggers to start from; people choose and complete them."""

STARTER_PREDICTIONS = (
    "The meeting is held by the planned date with the planned number of participants confirmed.",
    "Two serving officials or official observers from each side take part.",
    "Three briefings on each side are given and logged within 60 days of the meeting.",
    "At least 70 % of the core group attends the next round.",
    "An idea from the idea register appears in an official text within 24 months.",
    "No leak happens that the organizer does not control.",
)

STARTER_EXIT_TRIGGERS = (
    "Two rounds in a row with falling level or attendance.",
    "Offices stop taking briefings.",
    "A government asks to stop.",
    "Doubt about the origin of money.",
    "False claims are relayed without a label.",
)
