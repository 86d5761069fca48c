"""Countries and states of the State and Country picklists. Salesforce begins with 235 of ISO 3166's
countries and does not publish which; here are all of them. It has states for nine.

Names and codes are ISO's but for these, which Salesforce spells in its own way.
"""

from __future__ import annotations

import unicodedata

import pycountry

NAMES = {
    "CV": "Cape Verde", "CZ": "Czech Republic", "TR": "Turkey", "TW": "Taiwan", "VN": "Vietnam",
}  # fmt: skip
LEVELS = {
    "AU": ("State", "Territory"),
    "BR": ("State", "Federal district"),
    "CA": ("Province", "Territory"),
    "IE": ("County",),
    "IN": ("State", "Union territory"),
    "IT": ("Province", "Metropolitan city", "Free municipal consortium", "Autonomous province",
           "Decentralized regional entity"),
    "US": ("State", "District"),
}  # fmt: skip
MORE = {
    "CA": {"QC": "Quebec", "YT": "Yukon Territories"},
    "IT": {"AO": "Aosta"},
    "US": {"AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific"},
    "CN": {
        "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Nei Mongol",
        "21": "Liaoning", "22": "Jilin", "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu",
        "33": "Zhejiang", "34": "Anhui", "35": "Fujian", "36": "Jiangxi", "37": "Shandong",
        "41": "Henan", "42": "Hubei", "43": "Hunan", "44": "Guangdong", "45": "Guangxi",
        "46": "Hainan", "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan",
        "54": "Xizang", "61": "Shaanxi", "62": "Gansu", "63": "Qinghai", "64": "Ningxia",
        "65": "Xinjiang", "71": "Chinese Taipei", "91": "Hong Kong", "92": "Macao",
    },
    "MX": {
        "AG": "Aguascalientes", "BC": "Baja California", "BS": "Baja California Sur",
        "CH": "Chihuahua", "CL": "Colima", "CM": "Campeche", "CO": "Coahuila", "CS": "Chiapas",
        "DF": "Federal District", "DG": "Durango", "GR": "Guerrero", "GT": "Guanajuato",
        "HG": "Hidalgo", "JA": "Jalisco", "ME": "Mexico State", "MI": "Michoacán",
        "MO": "Morelos", "NA": "Nayarit", "NL": "Nuevo León", "OA": "Oaxaca", "PB": "Puebla",
        "QE": "Querétaro", "QR": "Quintana Roo", "SI": "Sinaloa", "SL": "San Luis Potosí",
        "SO": "Sonora", "TB": "Tabasco", "TL": "Tlaxcala", "TM": "Tamaulipas", "VE": "Veracruz",
        "YU": "Yucatán", "ZA": "Zacatecas",
    },
}  # fmt: skip


def _countries() -> dict[str, str]:
    named = {one.alpha_2: NAMES.get(one.alpha_2, one.name) for one in pycountry.countries}
    return dict(sorted(named.items(), key=lambda item: item[1]))


def _states() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {country: {} for country in sorted({*LEVELS, *MORE})}
    for one in pycountry.subdivisions:
        if one.type in LEVELS.get(one.country_code, ()):
            name = _plain(one.name) if one.country_code == "IN" else one.name
            found[one.country_code][one.code.partition("-")[2]] = name
    for country, more in MORE.items():
        found[country] |= more
    return {country: dict(sorted(states.items())) for country, states in found.items()}


def _plain(name: str) -> str:
    """Return an Indian name without the marks of long vowels, which Salesforce does not write."""
    letters = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


COUNTRIES = _countries()
STATES = _states()
STATE_CODES = tuple(sorted({code for states in STATES.values() for code in states}))
