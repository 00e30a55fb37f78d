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
        let read = try FileReader(files: files).read(path, .kept)
        let file = SourceAnswer.File(name: path, bytes: read.bytes)
        // One that changed a moment ago may change again without a trace.
        if now &- status.changed > Self.uncertainty {
            entries.withLock { $0[path] = Entry(status: status, file: file, round: number) }
        }
        return file
    }

    /// The bytes that a file had when it could be read last.
    func last(_ path: String) -> SourceAnswer.File? { entries.withLock { $0[path]?.file } }

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

    /// What a source says now.
    package func answer(of source: LocalSource) -> Result<SourceAnswer, SourceProblem> {
        do {
            switch source.kind {
            case .files(let paths): return .success(try answer(paths, source))
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

    private func answer(_ paths: [String], _ source: LocalSource) throws(SourceProblem) -> SourceAnswer {
        let found: [String]
        let input = RenderInput(template: "", root: .services(paths), dialect: .plain)
        do throws(RenderFailure) {
            found = try rendering.serviceFiles(paths, of: input).value
        } catch {
            throw SourceProblem(Self.words(error))
        }
        var answer = SourceAnswer(files: [], trustsConfig: source.trustsConfig)
        answer.files.reserveCapacity(found.count)
        for path in found {
            do throws(FileError) {
                answer.files.append(try cache.file(path, files, now: now()))
            } catch {
                // It went away after the folder was read, unless a person named it.
                if case .system(let cause) = error.cause, cause.isNotFound, !paths.contains(path) { continue }
                guard let last = cache.last(path) else { throw SourceProblem(error.sentence) }
                answer.files.append(last)
            }
        }
        return answer
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
