/// The decimal digits of a positive float: 0.d₁d₂d₃… · 10^point, without zeros at the end; no digits mean zero.
///
/// All arithmetic is our own and exact, so that no locale has a say.
struct DecimalDigits {
    /// Room for the digits of any float: 767 at most, and one more limb.
    static let capacity = 9 * limbCapacity

    private static let limbCapacity = 88
    private static let limbBase: UInt64 = 1_000_000_000

    /// ASCII digits.
    private let storage: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private(set) var point = 0

    /// The digits lie in memory of the caller, `capacity` bytes.
    private init(in storage: UnsafeMutablePointer<UInt8>) {
        self.storage = storage
    }

    /// Digits `range`; beyond `count` there are only zeros.
    subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        let bounds = range.clamped(to: 0..<count)
        return UnsafeBufferPointer(start: UnsafePointer(storage) + bounds.lowerBound, count: bounds.count)
    }

    // MARK: The shortest that reads back as the same float

    /// The fewest digits that distinguish `value` from its neighbors, and of those the closest. Not for infinity or NaN.
    init(shortest value: Double, in storage: UnsafeMutablePointer<UInt8>) {
        self.init(in: storage)
        if let integer = BinaryParts(value).wholeNumber {
            append(integer)
            point = count
            trimZeros()
        } else {
            var text = value.magnitude.description
            text.withUTF8 { read($0) }
        }
    }

    /// Takes the digits from a text such as `12.5` or `5e-324`.
    private mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        var hasPoint = false
        var index = 0
        while index < text.count, text[index] != UInt8(ascii: "e") {
            if text[index] == UInt8(ascii: ".") {
                hasPoint = true
            } else {
                if count > 0 || text[index] != UInt8(ascii: "0") {
                    storage[count] = text[index]
                    count += 1
                    if !hasPoint { point += 1 }
                } else if hasPoint {
                    point -= 1
                }
            }
            index += 1
        }
        point += Self.integer(text[min(index + 1, text.count)...])
        trimZeros()
    }

    private static func integer(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var number = 0
        for byte in text where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
            number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        }
        return text.first == UInt8(ascii: "-") ? -number : number
    }

    // MARK: All digits

    /// The exact value of a float. Not for infinity or NaN.
    init(exact value: Double, in storage: UnsafeMutablePointer<UInt8>) {
        self.init(in: storage)
        let binary = BinaryParts(value)
        guard binary.mantissa > 0 else { return }
        // m·2^e is a whole number for e ≥ 0; else it is m·5^-e·10^e.
        let zeros = binary.mantissa.trailingZeroBitCount
        let exponent = binary.exponent + zeros
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.limbCapacity) { limbs in
            var used = 0
            var rest = binary.mantissa >> zeros
            while rest > 0 {
                limbs[used] = UInt32(truncatingIfNeeded: rest % Self.limbBase)
                rest /= Self.limbBase
                used += 1
            }
            if exponent >= 0 {
                Self.multiply(limbs, &used, by: 1 << 29, repeated: exponent / 29, then: 1 << (exponent % 29))
            } else {
                let power = (0..<(-exponent % 13)).reduce(UInt64(1)) { power, _ in power * 5 }
                Self.multiply(limbs, &used, by: 1_220_703_125, repeated: -exponent / 13, then: power)
            }
            for index in (0..<used).reversed() { append(UInt64(limbs[index]), limb: index < used - 1) }
        }
        point = count + min(exponent, 0)
        trimZeros()
    }

    /// Multiplies a big number by one factor several times and by another once; factors are below 2^31.
    private static func multiply(
        _ limbs: UnsafeMutableBufferPointer<UInt32>, _ used: inout Int, by factor: UInt64, repeated times: Int,
        then last: UInt64
    ) {
        for round in 0...times {
            let factor = round < times ? factor : last
            var carry: UInt64 = 0
            for index in 0..<used {
                let product = UInt64(limbs[index]) &* factor &+ carry
                limbs[index] = UInt32(truncatingIfNeeded: product % limbBase)
                carry = product / limbBase
            }
            while carry > 0, used < limbs.count {
                limbs[used] = UInt32(truncatingIfNeeded: carry % limbBase)
                carry /= limbBase
                used += 1
            }
        }
    }

    /// Appends a number's digits, with zeros in front to make nine of them if it is an inner limb.
    private mutating func append(_ number: UInt64, limb isInner: Bool = false) {
        var length = isInner ? 9 : 0
        if !isInner {
            var rest = number
            while rest > 0 {
                rest /= 10
                length += 1
            }
        }
        var rest = number
        for index in stride(from: count + length - 1, through: count, by: -1) {
            storage[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += length
    }

    private mutating func trimZeros() {
        while count > 0, storage[count - 1] == UInt8(ascii: "0") { count -= 1 }
        if count == 0 { point = 0 }
    }

    // MARK: Rounding

    /// Rounds to `kept` digits, half to even; a negative number leaves none.
    mutating func round(to kept: Int) {
        guard kept < count else { return }
        guard kept >= 0 else {
            count = 0
            return
        }
        let isHalf = storage[kept] == UInt8(ascii: "5") && kept == count - 1
        let isOdd = kept > 0 && storage[kept - 1] % 2 == 1
        let roundsUp = isHalf ? isOdd : storage[kept] >= UInt8(ascii: "5")
        count = kept
        if roundsUp { increment() }
        trimZeros()
    }

    /// Adds one to the last digit.
    private mutating func increment() {
        while count > 0 {
            if storage[count - 1] < UInt8(ascii: "9") {
                storage[count - 1] += 1
                return
            }
            count -= 1
        }
        storage[0] = UInt8(ascii: "1")
        count = 1
        point += 1
    }
}

/// A finite float's magnitude as mantissa · 2^exponent, both as the bits have it.
struct BinaryParts {
    let mantissa: UInt64
    let exponent: Int

    init(_ value: Double) {
        let isNormal = value.exponentBitPattern > 0
        mantissa = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
        exponent = Int(truncatingIfNeeded: max(value.exponentBitPattern, 1)) - 1075
    }

    /// The value when it is a whole number below 2^53, whose shortest digits are its own.
    var wholeNumber: UInt64? {
        if mantissa == 0 { return 0 }
        guard exponent <= 0, mantissa.trailingZeroBitCount >= -exponent else { return nil }
        return mantissa >> (-exponent)
    }
}
