"""Weibo's fans service, simulated beside WeChat: its pushes, its judgement of answers, its two interfaces."""
