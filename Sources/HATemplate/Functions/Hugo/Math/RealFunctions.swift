/// Powers and logarithms to the last digit as Go computes them, which the C library does not always.
enum RealFunctions {
    /// The natural logarithm. Go: math/log.go, after FreeBSD's e_log.c.
    ///
    /// x = 2^k · (1 + f) with 1 + f between √½ and √2; with s = f / (2 + f), log(1 + f) = 2s + s · R(s²), where R is a
    /// polynomial.
    static func logarithm(_ x: Double) -> Double {
        if x.isNaN || x == .infinity { return x }
        if x < 0 { return .nan }
        if x == 0 { return -.infinity }
        var (fraction, exponent) = parts(x)
        if fraction < 0.5.squareRoot() {
            fraction *= 2
            exponent -= 1
        }
        let f = fraction - 1
        let k = Double(exponent)
        let s = f / (2 + f)
        let s2 = s * s
        let s4 = s2 * s2
        let odd =
            s2
            * (6.666666666666735130e-01 + s4
                * (2.857142874366239149e-01 + s4
                    * (1.818357216161805012e-01
                        + s4 * 1.479819860511658591e-01)))
        let even = s4 * (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01))
        let half = 0.5 * f * f
        // log 2 in two parts, the first with zeros at the end, so that k times it is exact.
        let rest = half - (s * (half + odd + even) + k * 1.90821492927058770002e-10)
        return k * 6.93147180369123816490e-01 - (rest - f)
    }

    /// `base` to the power of `exponent`. Go: math/pow.go.
    ///
    /// The whole part of the exponent is done by squaring a mantissa, its powers of two counted apart; the fraction by
    /// logarithm.
    static func power(_ base: Double, _ exponent: Double) -> Double {
        if let result = specialPower(base, exponent) { return result }
        var whole = exponent.magnitude.rounded(.down)
        var fraction = exponent.magnitude - whole
        if fraction != 0, base < 0 { return .nan }
        // Every other base has run out of the numbers, or is 1, by then.
        guard whole < 0x1p63 else {
            if base == -1 { return 1 }
            return (base.magnitude < 1) == (exponent > 0) ? 0 : .infinity
        }
        var mantissa = 1.0
        var scale = 0
        if fraction != 0 {
            if fraction > 0.5 {
                fraction -= 1
                whole += 1
            }
            mantissa = CFunctions.exponential(fraction * logarithm(base))
        }
        var (factor, factorScale) = parts(base)
        // Fits: exponents of 2^63 and more returned above.
        var rest = UInt64(whole)
        while rest > 0 {
            // What is out of reach by now stays there, and the scales must not overflow.
            if factorScale < -(1 << 12) || factorScale > 1 << 12 {
                scale += factorScale
                break
            }
            if rest & 1 == 1 {
                mantissa *= factor
                scale += factorScale
            }
            factor *= factor
            factorScale <<= 1
            if factor < 0.5 {
                factor += factor
                factorScale -= 1
            }
            rest >>= 1
        }
        if exponent < 0 {
            mantissa = 1 / mantissa
            scale = -scale
        }
        return CFunctions.scaled(mantissa, by: Int32(clamping: scale))
    }

    /// The cases that need no computing, as IEEE 754 has them.
    private static func specialPower(_ base: Double, _ exponent: Double) -> Double? {
        if exponent == 0 || base == 1 { return 1 }
        if exponent == 1 { return base }
        if base.isNaN || exponent.isNaN { return .nan }
        if base == 0 || base.isInfinite || exponent.isInfinite { return CFunctions.power(base, exponent) }
        if exponent == 0.5 { return base.squareRoot() }
        if exponent == -0.5 { return 1 / base.squareRoot() }
        return nil
    }

    /// A number between ½ and 1 and a power of two, whose product is `x`.
    private static func parts(_ x: Double) -> (fraction: Double, exponent: Int) {
        let (fraction, exponent) = CFunctions.split(x)
        return (fraction, Int(exponent))
    }
}
