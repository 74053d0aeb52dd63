"""One person on several channels: a code to go on elsewhere, and the way back out of a chat."""
