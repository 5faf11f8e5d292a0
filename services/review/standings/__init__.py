"""Standings (动态管理): what a brand is worth after its approval; rechecks, rectifications, revocation."""
