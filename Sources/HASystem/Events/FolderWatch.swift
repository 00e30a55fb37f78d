/// Watches folders, and says by path what happened.
package final class FolderWatch: Pollable {
    package struct Change: Sendable, Equatable {
        /// The folder; nil: events were lost, so look everywhere.
        package let folder: String?
        /// nil: something in the folder, or the folder itself.
        package let name: String?

        package init(folder: String?, name: String?) {
            self.folder = folder
            self.name = name
        }
    }

    private let calls: FolderEventCalls
    private let files: FileSystem
    private let descriptor: Int32
    private let changed: ([Change], _ now: Int) -> Void
    private var folders: [Int32: Set<String>] = [:]
    private var watches: [String: Int32] = [:]
    /// Folders that could not be watched, with what the system said.
    package private(set) var failures: [String: SystemError] = [:]

    package init(
        calls: FolderEventCalls = .system, files: FileSystem, changed: @escaping ([Change], _ now: Int) -> Void
    ) throws(SystemError) {
        self.calls = calls
        self.files = files
        self.changed = changed
        descriptor = try calls.open()
    }

    deinit {
        calls.close(descriptor)
    }

    /// Watches these folders and no others.
    ///
    /// A path may lead to another folder than before, so each is watched anew; where it is the same folder, the system
    /// changes nothing.
    ///
    /// - Returns: whether a folder is watched that was not: what happened in it before goes unsaid.
    package func watch(_ wanted: Set<String>) -> Bool {
        var isNew = false
        failures = failures.filter { wanted.contains($0.key) }
        for folder in watches.keys where !wanted.contains(folder) { forget(folder) }
        for folder in wanted {
            do throws(SystemError) {
                let watch = try add(folder)
                failures[folder] = nil
                guard watches[folder] != watch else { continue }
                if watches[folder] != nil { forget(folder) }
                watches[folder] = watch
                folders[watch, default: []].insert(folder)
                isNew = true
            } catch {
                if watches[folder] != nil { forget(folder) }
                failures[folder] = error
            }
        }
        return isNew
    }

    private func add(_ folder: String) throws(SystemError) -> Int32 {
        #if !os(Linux)
            // Each watch is a descriptor of its own there.
            if let watch = watches[folder] { return watch }
        #endif
        return try calls.add(descriptor, folder)
    }

    private func forget(_ folder: String) {
        guard let watch = watches.removeValue(forKey: folder) else { return }
        folders[watch]?.remove(folder)
        guard folders[watch]?.isEmpty == true else { return }
        folders[watch] = nil
        calls.remove(descriptor, watch)
    }

    package var interests: [PollInterest] { [PollInterest(descriptor, .reading)] }

    package func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) {
        let events: [FolderEvent]
        do { events = try calls.read(descriptor) } catch { events = [FolderEvent(nil, .unknown)] }
        var changes: [Change] = []
        for event in events {
            guard let watch = event.watch else {
                changes.append(Change(folder: nil, name: nil))
                continue
            }
            for folder in folders[watch, default: []].sorted() {
                switch event.kind {
                case .name(let name): changes.append(Change(folder: folder, name: name))
                case .created(let name):
                    // A new file is still empty; another event says when it is whole.
                    if let status = try? files.linkStatus(folder + "/" + name), status.isBeingWritten { continue }
                    changes.append(Change(folder: folder, name: name))
                case .unknown, .gone: changes.append(Change(folder: folder, name: nil))
                }
            }
            if event.kind == .gone {
                for folder in folders.removeValue(forKey: watch) ?? [] { watches[folder] = nil }
                calls.remove(descriptor, watch)
            }
        }
        if !changes.isEmpty { changed(changes, now) }
    }
}

extension FileStatus {
    /// Whether a file whose name has just come up is new. Another name for one that was there before is not: it has
    /// several names, or was written before it got this one.
    fileprivate var isBeingWritten: Bool {
        kind == .regular && links < 2 && Int64(modified) >= changed / 1_000_000_000
    }
}
