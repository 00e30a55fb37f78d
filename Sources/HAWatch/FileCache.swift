import HADelivery
import HAServices
import HASystem

/// Service files that were read before, for as long as the system says that they are the same.
package final class FileCache: Sendable {
    private struct Entry {
        var status: FileStatus
        var file: SourceAnswer.File
        /// The round in which it was wanted last.
        var round: Int
    }

    private let entries = Guarded<[String: Entry]>([:])
    private let round = Guarded(0)
    /// Files that could not be read when their source was asked last, by the names of sources.
    private let unreadable = Guarded<[String: [Quarantine.Entry]]>([:])

    /// Bytes of the largest service file that is read: a daemon has to live with what somebody drops into a folder.
    private static let maximumSize = FileReader.maximumStream
    /// A change within this time of the last one may have the same time stamp.
    private static let uncertainty: Int64 = 50_000_000

    package init() {}

    /// What a file holds.
    ///
    /// - Parameter now: nanoseconds since 1970.
    func file(_ path: String, _ files: FileSystem, now: Int64) throws(FileError) -> SourceAnswer.File {
        let status: FileStatus
        do { status = try files.status(path) } catch { throw FileError(.read, path, error) }
        let number = round.withLock { $0 }
        let known = entries.withLock { entries -> SourceAnswer.File? in
            guard entries[path]?.status == status else { return nil }
            entries[path]?.round = number
            return entries[path]?.file
        }
        if let known { return known }
        let tooLarge = FileError(.read, path, .tooLarge(Self.maximumSize))
        if status.kind == .regular, status.size > Self.maximumSize { throw tooLarge }
        let read = try FileReader(files: files).read(path, .kept, upTo: Self.maximumSize + 1)
        // It has grown meanwhile.
        if read.bytes.count > Self.maximumSize { throw tooLarge }
        let file = SourceAnswer.File(name: path, bytes: read.bytes)
        // One that changed a moment ago may change again without a trace.
        if now &- status.changed > Self.uncertainty {
            entries.withLock { $0[path] = Entry(status: status, file: file, round: number) }
        }
        return file
    }

    /// The files of sources that cannot be read, as the log and the status page name them.
    func unreadable(of sources: [LocalSource]) -> [Quarantine.Entry] {
        unreadable.withLock { unreadable in sources.flatMap { unreadable[$0.name] ?? [] } }
    }

    func setUnreadable(_ found: [Quarantine.Entry], of source: LocalSource) {
        unreadable.withLock { $0[source.name] = found.isEmpty ? nil : found }
    }

    /// Forgets files that were not wanted since the last time.
    func endRound() {
        let number = round.withLock { round in
            defer { round &+= 1 }
            return round
        }
        entries.withLock { entries in
            if entries.contains(where: { $0.value.round < number }) {
                entries = entries.filter { $0.value.round >= number }
            }
        }
    }
}

/// Asks sources whose services lie on this machine.
package struct LocalReader: Sendable {
    let rendering: TargetRendering
    let cache: FileCache
    let temporaries: TemporaryFiles
    /// Nanoseconds since 1970.
    let now: @Sendable () -> Int64

    package init(
        rendering: TargetRendering, cache: FileCache, temporaries: TemporaryFiles, now: @escaping @Sendable () -> Int64
    ) {
        self.rendering = rendering
        self.cache = cache
        self.temporaries = temporaries
        self.now = now
    }

    private var files: FileSystem { rendering.files }

    /// What to do about a service file that cannot be read.
    package enum Unreadable: Sendable {
        /// The source has no answer.
        case fails
        /// What it held in the source's last answer takes its place, or nothing; the cache remembers which it is.
        case isReplaced(last: SourceAnswer?)
    }

    /// What a source says now.
    package func answer(
        of source: LocalSource, unreadable: Unreadable = .fails
    ) -> Result<SourceAnswer, SourceProblem> {
        cache.setUnreadable([], of: source)
        do {
            switch source.kind {
            case .files(let paths): return .success(try answer(paths, source, unreadable))
            case .table(let table):
                let directory = StateDirectory(path: table.folder, files: files, temporaries: temporaries)
                let file = try directory.serviceFile(of: table.name)
                return .success(
                    SourceAnswer(
                        files: [.init(name: file.name, bytes: file.bytes)], trustsConfig: source.trustsConfig))
            }
        } catch let problem as SourceProblem {
            return .failure(problem)
        } catch let error as StateError {
            let words = error.sentence ?? error.diagnostics.first.map(\.description)
            return .failure(SourceProblem(words ?? "the table cannot be read"))
        } catch {
            return .failure(SourceProblem("it cannot be read"))
        }
    }

    private func answer(
        _ paths: [String], _ source: LocalSource, _ unreadable: Unreadable
    ) throws(SourceProblem) -> SourceAnswer {
        let found: [String]
        let input = RenderInput(template: "", root: .services(paths), dialect: .plain)
        do throws(RenderFailure) {
            found = try rendering.serviceFiles(paths, of: input).value
        } catch {
            throw SourceProblem(Self.words(error))
        }
        var answer = SourceAnswer(files: [], trustsConfig: source.trustsConfig)
        answer.files.reserveCapacity(found.count)
        var missing: [Quarantine.Entry] = []
        var readCount = 0
        for path in found {
            do throws(SourceProblem) {
                guard let file = try read(path, isNamed: paths.contains(path)) else { continue }
                answer.files.append(file)
                readCount += 1
            } catch {
                guard case .isReplaced(let last) = unreadable else { throw error }
                let replacement = last?.files.first { $0.name == path && $0.entries?.isEmpty != true }
                missing.append(
                    .unreadable(path, of: source.name, cause: error.sentence, replacement: replacement?.bytes))
                if let replacement { answer.files.append(replacement) }
            }
        }
        // Where not one of many can be read, or nothing would be left, it is the source that fails.
        if let first = missing.first, answer.isEmpty || readCount == 0 && missing.count > 1 {
            throw SourceProblem(first.cause)
        }
        cache.setUnreadable(missing, of: source)
        return answer
    }

    /// A service file; nil: it went away after its folder was read.
    private func read(_ path: String, isNamed: Bool) throws(SourceProblem) -> SourceAnswer.File? {
        do throws(FileError) {
            return try cache.file(path, files, now: now())
        } catch {
            guard case .system(let cause) = error.cause, cause.isNotFound, !isNamed else {
                throw SourceProblem(error.sentence)
            }
            // Names are text here, so such a file is found under no name.
            if path.contains("\u{FFFD}") {
                throw SourceProblem("cannot read \(path): its name is not UTF-8; rename it")
            }
            // A link that leads nowhere is still there.
            if (try? files.linkStatus(path))?.kind == .link {
                throw SourceProblem("cannot read \(path): it is a symbolic link that leads nowhere")
            }
            return nil
        }
    }

    private static func words(_ failure: RenderFailure) -> String {
        switch failure.cause {
        case .file(let error): error.sentence
        case .state(let error): error.sentence ?? "the table cannot be read"
        case .badTime, .input: failure.report.diagnostics.first?.description ?? "it cannot be read"
        }
    }

    /// A number for everything that targets are made of, as the system describes it: another number, another output.
    package func stamp(_ project: ProjectFile, _ targets: [ProjectTarget], _ sources: [LocalSource]) -> UInt64 {
        var hash = Stamp()
        var paths = project.path.isEmpty ? [] : [project.path]
        for target in targets {
            paths.append(target.input.template)
            for folder in target.input.includes {
                let pieces = (try? FileReader(files: files).templateFiles(below: folder)) ?? []
                paths += pieces.map { folder + "/" + $0 }
            }
            for case .file(let path) in target.input.settings { paths.append(path) }
            if case .data(let path) = target.input.root { paths.append(path) }
        }
        for source in sources {
            switch source.kind {
            case .files(let named):
                let input = RenderInput(template: "", root: .services(named), dialect: .plain)
                paths += (try? rendering.serviceFiles(named, of: input))?.value ?? named
            case .table(let table): paths.append(table.path + "/current.json")
            }
        }
        for path in paths {
            hash.add(path)
            guard let status = try? files.status(path) else { continue }
            hash.add(status)
        }
        return hash.value
    }
}

/// FNV-1a over descriptions of files.
struct Stamp {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    static func of(_ bytes: [UInt8]) -> UInt64 {
        var stamp = Stamp()
        for byte in bytes { stamp.value = (stamp.value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return stamp.value
    }

    mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func add(_ status: FileStatus) {
        for number in [
            UInt64(truncatingIfNeeded: status.size), status.device, status.inode,
            UInt64(bitPattern: status.changed), UInt64(truncatingIfNeeded: status.modified),
        ] { value = (value ^ number) &* 0x100_0000_01B3 }
    }
}
