import Shared
import Testing

@testable import Sensor

@Suite struct FileStreamTests {
    /// Digests of "abc": RFC 1321 §A.5, FIPS 180 examples.
    @Test func digestsArePublishedOnes() {
        var sink = RecordSink()
        sink.fileDigests = .all
        var file = FileStream(source: "HTTP", filename: "a.txt", isOriginator: false, into: &sink)
        for byte in "abc".utf8 { file.append([byte].span.bytes, at: sink.now) }
        file.finish(into: &sink)
        #expect(file.digests?.md5 == "900150983cd24fb0d6963f7d28e17f72")
        #expect(file.digests?.sha1 == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(file.digests?.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(sink.batch.recordCount == 1)
    }

    @Test func aFileWithAHoleHasNoDigest() {
        var sink = RecordSink()
        var file = FileStream(source: "HTTP", isOriginator: false, into: &sink)
        file.append([1, 2, 3].span.bytes, at: sink.now)
        file.gap(10)
        file.finish(into: &sink)
        #expect(file.digests == nil)
        #expect(file.missingByteCount == 10)
    }

    @Test(arguments: [
        ("MZ\u{90}\0", "application/x-dosexec"), ("%PDF-1.7", "application/pdf"),
        ("<!DOCTYPE html><p>", "text/html"), ("  <html>", "text/html"), ("{\"a\": 1}", "text/json"),
        ("[1, 2]", "text/json"), ("<?xml version=\"1.0\"?><a/>", "application/xml"),
        ("#!/bin/sh\nls", "text/x-shellscript"), ("#!/usr/bin/env python3\n", "text/x-python"),
        ("Rar!\u{1A}\u{07}\0", "application/x-rar"), ("hello, world", "text/plain"),
        ("{\\rtf1", "text/rtf"), ("-----BEGIN CERTIFICATE-----\n", "application/x-pem"),
    ]) func typesAreToldByContent(content: String, type: String) {
        #expect(MIMEType.of(Array(content.utf8)) == type)
    }

    @Test func unknownBytesHaveNoType() {
        #expect(MIMEType.of([]) == nil)
        #expect(MIMEType.of([0x00, 0xFE, 0x01, 0x99]) == nil)
        #expect(MIMEType.of(Array("short".utf8)) == nil)
    }
}
