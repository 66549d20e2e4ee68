"""Powers and logarithms to the last bit as Go computes them, for `ceil(log(n, 2))` is a count of subnets.

C's libraries round some of them differently: log(7, 3) and pow(1.1, 10) differ in the last digit.
"""

from __future__ import annotations

import math

# The minimax polynomial of FreeBSD's e_log.c, which Go's math.Log evaluates (https://go.dev/src/math/log.go).
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_L1, _L2, _L3, _L4 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01
_L5, _L6, _L7 = 1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01


def go_log(value: float) -> float:
    """The natural logarithm. Raises ValueError where it is not a number."""
    if value == 0:
        return -math.inf
    if not math.isfinite(value) or value <= 0:
        raise ValueError(value)
    fraction, exponent = math.frexp(value)
    if fraction < math.sqrt(2) / 2:
        fraction, exponent = fraction * 2, exponent - 1
    f = fraction - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    rest = s2 * (_L1 + s4 * (_L3 + s4 * (_L5 + s4 * _L7))) + s4 * (_L2 + s4 * (_L4 + s4 * _L6))
    half = 0.5 * f * f
    return exponent * _LN2_HIGH - ((half - (s * (half + rest) + exponent * _LN2_LOW)) - f)


def go_pow(base: float, power: float) -> float:
    """A whole power as Go squares and multiplies it (https://go.dev/src/math/pow.go), any other as C has it.

    Raises OverflowError and ValueError as math.pow does."""
    exact = math.pow(base, power)
    if exact in (0.0, 1.0) or not math.isfinite(exact) or abs(power) >= 2**63 or power != int(power):
        return exact
    result, exponent = 1.0, 0
    mantissa, scale = math.frexp(base)
    left = int(abs(power))
    while left:
        if left & 1:
            result *= mantissa
            exponent += scale
        mantissa *= mantissa
        scale *= 2
        if mantissa < 0.5:
            mantissa, scale = mantissa * 2, scale - 1
        left >>= 1
    if power < 0:
        result, exponent = 1 / result, -exponent
    return math.ldexp(result, exponent)
