"""Answers that come in several pieces, over HTTP: server-sent events and multipart. WebSockets share what is behind them."""
