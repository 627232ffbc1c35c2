"""Specific enthalpy of water and steam by the IAPWS industrial formulation 1997.

The coefficients are those of the formulation and belong to it as exponents do.

References
----------
IAPWS R7-97(2012), Revised Release on the IAPWS Industrial Formulation 1997 for the Thermodynamic Properties of Water
and Steam, equations 7, 15 to 17, 5 and 31.
"""

from __future__ import annotations

from math import sqrt

GAS_CONSTANT = 0.461526  # [kJ/(kg K)]
ZERO_CELSIUS = 273.15  # [K]
_LIQUID_UP_TO, _STEAM_UP_TO = 623.15, 1073.15  # [K]
_MOST, _LEAST, _MOST_SATURATED = 100.0, 0.000611213, 16.529164  # [MPa]
# (I, J, n) of equations 7 and 17; (J, n) of equation 16; n of equation 30; n of equation 5.
# fmt: off
_LIQUID = (
    (0, -2, 0.14632971213167),
    (0, -1, -0.84548187169114),
    (0, 0, -3.756360367204),
    (0, 1, 3.3855169168385),
    (0, 2, -0.95791963387872),
    (0, 3, 0.15772038513228),
    (0, 4, -0.016616417199501),
    (0, 5, 0.00081214629983568),
    (1, -9, 0.00028319080123804),
    (1, -7, -0.00060706301565874),
    (1, -1, -0.018990068218419),
    (1, 0, -0.032529748770505),
    (1, 1, -0.021841717175414),
    (1, 3, -5.283835796993e-05),
    (2, -3, -0.00047184321073267),
    (2, 0, -0.00030001780793026),
    (2, 1, 4.7661393906987e-05),
    (2, 3, -4.4141845330846e-06),
    (2, 17, -7.2694996297594e-16),
    (3, -4, -3.1679644845054e-05),
    (3, 0, -2.8270797985312e-06),
    (3, 6, -8.5205128120103e-10),
    (4, -5, -2.2425281908e-06),
    (4, -2, -6.5171222895601e-07),
    (4, 10, -1.4341729937924e-13),
    (5, -8, -4.0516996860117e-07),
    (8, -11, -1.2734301741641e-09),
    (8, -6, -1.7424871230634e-10),
    (21, -29, -6.8762131295531e-19),
    (23, -31, 1.4478307828521e-20),
    (29, -38, 2.6335781662795e-23),
    (30, -39, -1.1947622640071e-23),
    (31, -40, 1.8228094581404e-24),
    (32, -41, -9.3537087292458e-26),
)
_STEAM_IDEAL = (
    (0, -9.6927686500217),
    (1, 10.086655968018),
    (-5, -0.005608791128302),
    (-4, 0.071452738081455),
    (-3, -0.40710498223928),
    (-2, 1.4240819171444),
    (-1, -4.383951131945),
    (2, -0.28408632460772),
    (3, 0.021268463753307),
)
_STEAM = (
    (1, 0, -0.0017731742473213),
    (1, 1, -0.017834862292358),
    (1, 2, -0.045996013696365),
    (1, 3, -0.057581259083432),
    (1, 6, -0.05032527872793),
    (2, 1, -3.3032641670203e-05),
    (2, 2, -0.00018948987516315),
    (2, 4, -0.0039392777243355),
    (2, 7, -0.043797295650573),
    (2, 36, -2.6674547914087e-05),
    (3, 0, 2.0481737692309e-08),
    (3, 1, 4.3870667284435e-07),
    (3, 3, -3.227767723857e-05),
    (3, 6, -0.0015033924542148),
    (3, 35, -0.040668253562649),
    (4, 1, -7.8847309559367e-10),
    (4, 2, 1.2790717852285e-08),
    (4, 3, 4.8225372718507e-07),
    (5, 7, 2.2922076337661e-06),
    (6, 3, -1.6714766451061e-11),
    (6, 16, -0.0021171472321355),
    (6, 35, -23.895741934104),
    (7, 0, -5.905956432427e-18),
    (7, 11, -1.2621808899101e-06),
    (7, 25, -0.038946842435739),
    (8, 8, 1.1256211360459e-11),
    (8, 36, -8.2311340897998),
    (9, 13, 1.9809712802088e-08),
    (10, 4, 1.0406965210174e-19),
    (10, 10, -1.0234747095929e-13),
    (10, 14, -1.0018179379511e-09),
    (16, 29, -8.0882908646985e-11),
    (16, 50, 0.10693031879409),
    (18, 57, -0.33662250574171),
    (20, 20, 8.9185845355421e-25),
    (20, 35, 3.0629316876232e-13),
    (20, 48, -4.2002467698208e-06),
    (21, 21, -5.9056029685639e-26),
    (22, 53, 3.7826947613457e-06),
    (23, 39, -1.2768608934681e-15),
    (24, 26, 7.3087610595061e-29),
    (24, 40, 5.5414715350778e-17),
    (24, 58, -9.436970724121e-07),
)
_SATURATION = (
    1167.0521452767, -724213.16703206, -17.073846940092, 12020.82470247, -3232555.0322333,
    14.91510861353, -4823.2657361591, 405113.40542057, -0.23855557567849, 650.17534844798,
)
_BOUNDARY = (348.05185628969, -1.1671859879975, 0.0010192970039326)
# fmt: on


def enthalpy_of_steam(pressure: float, temperature: float) -> float | None:
    """Specific enthalpy [kJ/kg] of steam at a pressure [MPa] and temperature [°C]; None outside equation 15.

    The formulation holds from 0 to 800 °C and up to 100 MPa, where it is steam and not near the critical point.
    """
    kelvin = temperature + ZERO_CELSIUS
    if not (_LEAST <= pressure <= _MOST and ZERO_CELSIUS <= kelvin <= _STEAM_UP_TO):
        return None
    if kelvin <= _LIQUID_UP_TO:
        boiling = boiling_point(pressure)
        if boiling is None or temperature < boiling:
            return None
    elif pressure > _BOUNDARY[0] + _BOUNDARY[1] * kelvin + _BOUNDARY[2] * kelvin**2:
        return None
    return _steam(pressure, kelvin)


def enthalpy_of_saturated_steam(pressure: float) -> float | None:
    """Specific enthalpy [kJ/kg] of dry saturated steam at a pressure [MPa]; None above 16.529 MPa."""
    boiling = boiling_point(pressure)
    return None if boiling is None else _steam(pressure, boiling + ZERO_CELSIUS)


def enthalpy_of_water(pressure: float, temperature: float) -> float | None:
    """Specific enthalpy [kJ/kg] of liquid water at a pressure [MPa] and temperature [°C]; None where it is none."""
    kelvin = temperature + ZERO_CELSIUS
    boiling = boiling_point(min(pressure, _MOST_SATURATED))
    if not (_LEAST <= pressure <= _MOST and ZERO_CELSIUS <= kelvin <= _LIQUID_UP_TO):
        return None
    if boiling is None or (temperature > boiling and pressure <= _MOST_SATURATED):
        return None
    tau, pi = 1386.0 / kelvin, pressure / 16.53
    slope: float = sum(n * (7.1 - pi) ** i * j * (tau - 1.222) ** (j - 1) for i, j, n in _LIQUID)
    return tau * slope * GAS_CONSTANT * kelvin


def boiling_point(pressure: float) -> float | None:
    """Temperature of saturation [°C] at a pressure [MPa]; None outside 0.000611 to 16.529 MPa."""
    if not _LEAST <= pressure <= _MOST_SATURATED:
        return None
    n1, n2, n3, n4, n5, n6, n7, n8, n9, n10 = _SATURATION
    beta = pressure**0.25
    e = beta**2 + n3 * beta + n6
    f = n1 * beta**2 + n4 * beta + n7
    g = n2 * beta**2 + n5 * beta + n8
    d = 2 * g / (-f - sqrt(f**2 - 4 * e * g))
    kelvin: float = (n10 + d - sqrt((n10 + d) ** 2 - 4 * (n9 + n10 * d))) / 2
    return kelvin - ZERO_CELSIUS


def _steam(pressure: float, kelvin: float) -> float:
    tau = 540.0 / kelvin
    ideal: float = sum(n * j * tau ** (j - 1) for j, n in _STEAM_IDEAL)
    residual: float = sum(n * pressure**i * j * (tau - 0.5) ** (j - 1) for i, j, n in _STEAM)
    return tau * (ideal + residual) * GAS_CONSTANT * kelvin
