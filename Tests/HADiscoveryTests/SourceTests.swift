import HAServices
import HASystem
import TestSupport
import Testing

@testable import HADiscovery

@Suite("Waiting after failures") struct BackOffTests {
    @Test("from 1 s by half as much again to 15 s, less a fifth at most", arguments: [0, 1, 7, UInt64.max])
    func growth(_ seed: UInt64) {
        var backOff = BackOff(seed: seed)
        var whole = 1_000
        for _ in 0..<20 {
            let wait = backOff.next()
            #expect(wait <= whole && wait >= whole - whole / 5)
            whole = min(15_000, whole * 3 / 2)
        }
        backOff.reset()
        let result1 = backOff.next()
        #expect((800...1_000).contains(result1))
    }

    @Test("the same seed gives the same waits, another one others")
    func seeds() {
        func waits(_ seed: UInt64) -> [Int] {
            var backOff = BackOff(seed: seed)
            return (0..<8).map { _ in backOff.next() }
        }
        #expect(waits(1) == waits(1))
        #expect(waits(1) != waits(2))
    }
}

@Suite("Slots") struct SlotTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let steps: [(hosts: [String], placed: [String])]
    }

    @Test(
        "hosts keep their places",
        arguments: [
            Case(testDescription: "order of arrival", steps: [(["b", "a"], ["b", "a"]), (["a", "b"], ["b", "a"])]),
            Case(
                testDescription: "a new one takes the free place",
                steps: [
                    (["a", "b", "c"], ["a", "b", "c"]), (["a", "c"], ["a", "c"]), (["d", "c", "a"], ["a", "d", "c"]),
                ]),
            Case(
                testDescription: "more than free places",
                steps: [(["a", "b"], ["a", "b"]), (["b"], ["b"]), (["x", "y", "b"], ["x", "b", "y"])]),
            Case(testDescription: "twice counts once", steps: [(["a", "a"], ["a"])]),
            Case(testDescription: "all gone", steps: [(["a"], ["a"]), ([], []), (["b"], ["b"])]),
        ])
    func places(_ one: Case) {
        var slots = Slots()
        for step in one.steps {
            let placed = slots.place(step.hosts, of: "s")
            #expect(placed == step.placed)
        }
    }

    @Test("services have places of their own, and are forgotten when they go")
    func services() {
        var slots = Slots()
        _ = slots.place(["a", "b"], of: "one")
        let result2 = slots.place(["b", "a"], of: "two")
        #expect(result2 == ["b", "a"])
        slots.keep(["two"])
        let result3 = slots.place(["b", "a"], of: "one")
        #expect(result3 == ["b", "a"])
    }
}

@Suite("Last good answers") struct SourceMemoryTests {
    static func answer(_ ids: [String]) -> SourceAnswer {
        let text = "[" + ids.map { #"{"Id": "\#($0)"}"# }.joined(separator: ",") + "]"
        return SourceAnswer(files: [.init(name: "s.json", bytes: Array(text.utf8))], trustsConfig: true)
    }

    @Test("a failure keeps the last answer; so does an empty one after it, until a person asks or services come back")
    func failures() {
        var memory = SourceMemory()
        let result4 = memory.take(.success(Self.answer(["a", "b"])))
        #expect(result4)
        let result5 = memory.take(.success(Self.answer(["a", "b"])))
        #expect(!result5)
        let result6 = memory.take(.failure(SourceProblem("down")))
        #expect(!result6)
        #expect(memory.answer == Self.answer(["a", "b"]) && memory.problem == SourceProblem("down"))
        let result7 = memory.take(.success(Self.answer([])))
        #expect(!result7)
        let result8 = memory.take(.success(Self.answer([])))
        #expect(!result8)
        #expect(memory.answer?.serviceCount == 2 && memory.problem != nil)
        var forced = memory
        let result9 = forced.take(.success(Self.answer([])), isForced: true)
        #expect(result9)
        #expect(forced.answer?.serviceCount == 0 && forced.problem == nil)
        let result10 = memory.take(.success(Self.answer(["a"])))
        #expect(result10)
        #expect(memory.answer?.serviceCount == 1 && memory.problem == nil)
        #expect(memory.errorCount == 1)
    }

    @Test("without an error an empty answer counts")
    func empty() {
        var memory = SourceMemory(stored: Self.answer(["a"]))
        #expect(!memory.hasAnswered)
        let isSame = !memory.take(.success(Self.answer(["a"])))
        let isEmptied = memory.take(.success(Self.answer([])))
        #expect(isSame && isEmptied)
        #expect(memory.answer?.isEmpty == true && memory.hasAnswered)
        var new = SourceMemory()
        let isNew = new.take(.success(Self.answer([])))
        #expect(isNew && new.problem == nil)
    }

    @Test("the first answer after a restart, without services, does not count until a person means it")
    func emptyAtFirst() {
        var memory = SourceMemory(stored: Self.answer(["a"]))
        for _ in 0..<2 {
            let isTaken = memory.take(.success(Self.answer([])))
            #expect(!isTaken && memory.hasAnswered)
            #expect(memory.problem == SourceProblem("it answers without services at first"))
            #expect(memory.answer?.serviceCount == 1)
        }
        let isForced = memory.take(.success(Self.answer([])), isForced: true)
        #expect(isForced && memory.problem == nil)
    }
}

@Suite("Sources as state machines") struct FileSourceTests {
    @Test("asks at the start and at each event; looks by itself every 5 s, less often where a look is slow")
    func looks() {
        var source = FileSource()
        let answer = SourceMemoryTests.answer(["a"])
        let result12 = source.step(.started, at: 0)
        #expect(result12 == [.request])
        let result13 = source.step(.answer(.success(answer), time: 1), at: 10)
        #expect(result13 == [.services(answer), .timer(5_010)])
        let result14 = source.step(.changed, at: 20)
        #expect(result14 == [.request])
        let result15 = source.step(.timer, at: 5_010)
        #expect(result15 == [.request])
        let result16 = source.step(.answer(.success(answer), time: 20), at: 6_000)
        #expect(result16 == [.services(answer), .timer(26_000)])
    }

    @Test("a day of failures: the waits grow to 15 s and begin anew after an answer")
    func failures() throws {
        var source = FileSource(seed: 3)
        let problem = SourceProblem("no")
        var now = 0
        var questions = 0
        while now < 86_400_000 {
            questions += 1
            let effects = source.step(.answer(.failure(problem), time: 0), at: now)
            #expect(effects.first == .problem(problem))
            guard case .timer(let next) = try #require(effects.last) else { throw problem }
            #expect(next > now && next - now <= 15_000)
            now = next
        }
        #expect((5_700...7_300).contains(questions))
        _ = source.step(.answer(.success(SourceMemoryTests.answer([])), time: 0), at: now)
        guard case .timer(let next) = source.step(.answer(.failure(problem), time: 0), at: now).last else {
            throw problem
        }
        #expect(next - now <= 1_000)
    }
}

@Suite("Stored answers") struct SourceStoreTests {
    @Test("what was stored comes back, text by text")
    func roundTrip() throws {
        let folder = try TemporaryFolder([:])
        let store = SourceStore(state: folder.path("state"), files: .system, temporaries: .unregistered)
        #expect(try store.answer(of: "local", trustsConfig: true) == nil)
        let answer = SourceAnswer(
            files: [
                .init(name: "a.json", bytes: Array(#"{"Id": "one", "Config": "x \"]\" [{\n"}"#.utf8)),
                .init(name: "b.json", bytes: Array("[ {\"Id\":\"two\"} ,\n\n{\"Id\":\"three\"}]".utf8)),
            ], trustsConfig: true)
        try store.store(answer, of: "local")
        let back = try #require(try store.answer(of: "local", trustsConfig: true))
        #expect(back.files.map(\.name) == ["a.json", "b.json"])
        #expect(back.files.map { ($0.entries ?? []).map(\.id) } == [["one"], ["two", "three"]])
        #expect(String(decoding: back.files[0].bytes, as: UTF8.self).contains(#""Config": "x \"]\" [{\n""#))
    }

    @Test(
        "what is damaged or newer is left alone, and said",
        arguments: [
            ("{", "damaged"), (#"{"format": 1}"#, "damaged"), (#"{"format": 1, "files": [{"name": "a"}]}"#, "damaged"),
            (#"{"format": 2, "files": []}"#, "newer"),
        ])
    func damaged(_ text: String, _ word: String) throws {
        let folder = try TemporaryFolder(["state/.sources/local.json": text])
        let store = SourceStore(state: folder.path("state"), files: .system, temporaries: .unregistered)
        let problem = try #require(
            #expect(throws: SourceProblem.self) {
                try store.answer(of: "local", trustsConfig: true)
            })
        #expect(problem.sentence.contains(word))
        #expect(try folder.read("state/.sources/local.json") == text)
    }

    @Test("each system call may fail: the old file or the new one is there")
    func faults() throws {
        for call in 0..<40 {
            let folder = try TemporaryFolder([:])
            let good = SourceStore(state: folder.path("state"), files: .system, temporaries: .unregistered)
            try good.store(SourceMemoryTests.answer(["old"]), of: "local")
            let faults = Faults(failing: call, error: SystemError(number: ENOSPC))
            let store = SourceStore(
                state: folder.path("state"), files: .failing(faults), temporaries: .unregistered)
            try? store.store(SourceMemoryTests.answer(["new"]), of: "local")
            let ids = try good.answer(of: "local", trustsConfig: true)?.files.first?.entries?.map(\.id)
            #expect(ids == ["old"] || ids == ["new"])
        }
    }
}
