import HAServices
import TestSupport
import Testing

@testable import haproxy_gen

@Suite("Interruptions")
struct InterruptionTests {
    @Test("an interruption removes temporary files that are registered, and no others")
    func interruption() throws {
        let folder = try TemporaryFolder(["kept": "", "forgotten": "", "registered": ""])
        let temporaries = Interruption.temporaries
        temporaries.holdSignals()
        temporaries.register(folder.path("registered"))
        temporaries.register(folder.path("forgotten"))
        temporaries.forget(folder.path("forgotten"))
        temporaries.releaseSignals()
        Interruption.removeTemporaries()
        temporaries.forget(folder.path("registered"))
        #expect(try folder.names() == ["forgotten", "kept"])
    }
}
