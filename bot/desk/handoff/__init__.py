"""From the bot to a person and back: the queue, who holds a conversation, what an officer sees and does."""
