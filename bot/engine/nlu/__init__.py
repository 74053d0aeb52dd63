"""What Rasa runs to understand a sentence; named by path in config.yml."""
