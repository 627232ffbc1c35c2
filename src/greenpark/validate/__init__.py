"""Checks of data before anybody signs: rules of packs applied to observations, with what is likely meant proposed."""
