import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    @Suite struct ControlCommandTests {
        /// Exit status and output of `dicomexportctl`.
        private func control(_ arguments: [String], of daemon: Daemon) throws -> (
            ending: ChildProcess.Ending, text: String
        ) {
            let output = try TemporaryDirectory("ctl")
            let child = try ChildProcess(
                [try Daemon.executable("dicomexportctl")] + arguments,
                output: output / "output",
                environment: ["DICOMEXPORT_SOCKET": daemon.socket]
            )
            let ending = try child.waitForEnd()
            return (ending, String(decoding: try Files.read(output / "output"), as: UTF8.self))
        }

        @Test func `it shows stores, operations, failures and the status`() throws {
            let daemon = try Daemon()
            try Files.write(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/1")
            try Files.write([UInt8](repeating: 0x41, count: 300), to: daemon.store + "/text")
            try daemon.start()
            try daemon.waitForRows(1)
            try eventually("the text is skipped") { try daemon.failures().count == 1 }
            try eventually("the counters follow") { try daemon.counters() == Counters(success: 1) }

            let status = try control(["status"], of: daemon)
            #expect(status.ending == .exited(0))
            #expect(status.text.contains("running"))

            let stores = try control(["dicom-stores", "list", "--format=value(name)"], of: daemon)
            #expect(stores.ending == .exited(0))
            #expect(stores.text == "projects/local/locations/local/datasets/dicom/dicomStores/store\n")

            let store = try control(["dicom-stores", "describe", "store", "--format=json"], of: daemon)
            #expect(store.ending == .exited(0))
            let destination = try JSON(Array(store.text.utf8))["streamConfigs"].items.first?["bigqueryDestination"]
            #expect(destination?["tableUri"].string == "bq://local.dicom.instances")

            let failures = try control(["dicom-stores", "failures", "store", "--format=csv(code,path)"], of: daemon)
            #expect(failures.ending == .exited(0))
            #expect(failures.text.contains("NOT_DICOM,text"))

            let operations = try control(["operations", "list", "--format=value(name)"], of: daemon)
            #expect(operations.ending == .exited(0))
            let name = operations.text.split(separator: "\n").first.map { String($0) } ?? ""
            let operation = try control(["operations", "describe", name], of: daemon)
            #expect(operation.ending == .exited(0))
            #expect(operation.text.contains("apiMethodName: dicomexportd.StreamDicomData_bq"))
            #expect(operation.text.contains("success: '1'"))
            try daemon.stop()
        }

        @Test func `its exit status says what went wrong`() throws {
            let daemon = try Daemon()
            #expect(try control(["status"], of: daemon).ending == .exited(4))
            #expect(try control(["no-such-verb"], of: daemon).ending == .exited(2))
            try daemon.start()
            let unknown = try control(
                ["operations", "describe", "projects/local/locations/local/datasets/dicom/operations/1"],
                of: daemon
            )
            #expect(unknown.ending == .exited(1))
            #expect(unknown.text.contains("NOT_FOUND"))
            try daemon.stop()
        }
    }
}
