import HASystem

/// Why a benchmark ends early.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// The failure of a call of the system.
    static func system(_ what: String) -> BenchmarkError {
        BenchmarkError("\(what): \(String(cString: strerror(errno)))")
    }
}

/// What a file holds; of a file that has no size of its own, such as the kernel's, at most so much.
func contents(of path: String, most: Int? = nil) throws -> [UInt8] {
    let size = try most ?? fileSize(path)
    guard let file = fopen(path, "rb") else { throw BenchmarkError.system(path) }
    defer { fclose(file) }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
}

func save(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "wb") else { throw BenchmarkError.system(path) }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw BenchmarkError.system(path) }
}

func fileSize(_ path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw BenchmarkError.system(path) }
    return Int(status.st_size)
}

/// Whether two files hold the same bytes. They are read piece by piece: the memory of this process counts as that of
/// the programs that it starts.
func areEqual(_ first: String, _ second: String) throws -> Bool {
    guard try fileSize(first) == fileSize(second) else { return false }
    guard let one = fopen(first, "rb") else { throw BenchmarkError.system(first) }
    defer { fclose(one) }
    guard let other = fopen(second, "rb") else { throw BenchmarkError.system(second) }
    defer { fclose(other) }
    var (left, right) = ([UInt8](repeating: 0, count: 1 << 16), [UInt8](repeating: 0, count: 1 << 16))
    while true {
        let count = fread(&left, 1, left.count, one)
        guard fread(&right, 1, right.count, other) == count, left[..<count] == right[..<count] else { return false }
        if count < left.count { return true }
    }
}

/// A new folder for the files of one run.
func makeTemporaryFolder() throws -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
    var path = Array("\(parent)/benchmark-XXXXXX".utf8CString)
    guard mkdtemp(&path) != nil else { throw BenchmarkError.system("mkdtemp") }
    return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Says something that is no result.
func note(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}
