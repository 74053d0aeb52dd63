"""What the room of conversations shows: queue, transcript, situation, approved words to send."""
