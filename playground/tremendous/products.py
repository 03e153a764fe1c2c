"""What a gift can be turned into, and what money of another currency costs."""

from playground.records import Doc

CAMPAIGNS = ("PLAYGROUND", "CAMPAIGN")
FUNDING_SOURCE = "PLAYBALANCE0"
ACCOUNT_CURRENCY = "USD"
RATES = {"USD": 10_000, "CAD": 7_200, "EUR": 11_500, "GBP": 13_300}
"""Ten-thousandths of a dollar."""


_EVERYWHERE = ("US", "CA", "GB", "DE", "FR", "NL")
_CATALOGUE = (
    ("PLAYCOFFEE00", "A coffee card", "merchant_card", _EVERYWHERE, ("USD", "CAD", "GBP", "EUR"), 100),
    ("PLAYBOOKS000", "A book card", "merchant_card", ("US", "GB"), ("USD", "GBP"), 500),
    ("PLAYCHARITY0", "A gift to a charity", "charity", _EVERYWHERE, ("USD", "CAD", "GBP", "EUR"), 2_000),
    ("PLAYVISA0000", "A prepaid card", "visa_card", ("US", "CA"), ("USD", "CAD"), 2_000),
)
PRODUCTS: list[Doc] = [
    {
        "id": product_id,
        "name": name,
        "description": f"{name}, as the playground gives it out.",
        "category": kind,
        "disclosure": "It is not real, and buys nothing.",
        "skus": [{"min": 1, "max": most, "currency_code": code} for code in currencies],
        "currency_codes": list(currencies),
        "countries": [{"abbr": code} for code in countries],
        "images": [],
    }
    for product_id, name, kind, countries, currencies, most in _CATALOGUE
]
KNOWN = {product["id"]: product for product in PRODUCTS}


def campaign_json(campaign_id: str) -> Doc:
    """Answer a campaign: each lets its receivers choose from everything there is."""
    name = {"id": campaign_id, "name": "Thank you", "description": "What the playground gives out."}
    return name | {"products": list(KNOWN)}


def in_account_currency(cents: int, currency: str) -> int:
    """Answer what an amount costs, in hundredths of the account's currency, rounded up."""
    return -(-cents * RATES[currency] // RATES[ACCOUNT_CURRENCY])
