import Testing

@testable import HASystem

@Suite("Work in the background")
struct BackgroundWorkTests {
    @Test("is done once, and its result can be asked for again", arguments: [true, false])
    func result(_ isLong: Bool) {
        let count = Guarded(0)
        let work = BackgroundWork(long: isLong) { () -> Int in
            count.withLock { $0 += 1 }
            return 42
        }
        #expect(work.result() == 42)
        #expect(work.result() == 42)
        #expect(count.withLock { $0 } == 1)
    }

    @Test("may be forgotten")
    func forgotten() {
        for number in 0..<100 { _ = BackgroundWork(long: true) { number } }
    }
}
