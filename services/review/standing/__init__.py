"""A brand's standing after its approval (动态管理): level, awards, rechecks, rectifications, suspension, revocation."""
