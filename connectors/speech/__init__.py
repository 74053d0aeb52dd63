"""Servers that write down what is said (docs/voice.md)."""
