"""Notices on routes beside the chat: a platform's subscription notice, its template message, a text message."""
