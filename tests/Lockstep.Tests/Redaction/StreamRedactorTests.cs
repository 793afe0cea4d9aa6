using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lockstep.Redaction;

namespace Lockstep.Tests.Redaction;

public sealed class StreamRedactorTests
{
    [Fact]
    public void A_secret_is_replaced_wherever_it_stands() =>
        Assert.Equal("<redacted> and <redacted>!<redacted>", Redact("hunter2 and hunter2!hunter2", "hunter2"));

    [Fact]
    public void Text_without_a_secret_is_the_same_object()
    {
        var text = "nothing here, hunter1";
        Assert.Same(text, SecretSet.Of(["hunter2"]).Redact(text));
    }

    [Fact]
    public void Of_two_secrets_that_begin_alike_the_longer_is_replaced() =>
        Assert.Equal("<redacted>;<redacted>3", Redact("pass1234;pass3", "pass", "pass1234"));

    [Fact]
    public void Secrets_that_overlap_are_replaced_as_one() =>
        Assert.Equal("<<redacted>>", Redact("<abcdefgh>", "abcdef", "efgh", "cdef"));

    [Fact]
    public void Secrets_side_by_side_are_replaced_one_by_one() =>
        Assert.Equal("<redacted><redacted>", Redact("abcdefgh", "abcd", "efgh"));

    [Fact]
    public void Values_too_short_or_blank_are_not_searched_for() =>
        Assert.Equal("abc     x", Redact("abc     x", "abc", "    ", ""));

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("p\"ss\\w/rd+é\n<&>'`")]
    [InlineData("abcd")]
    [InlineData("żółć-ключ-🔑")]
    public void Its_encoded_forms_are_replaced(string secret)
    {
        string[] encoded =
        [
            Uri.EscapeDataString(secret),
            Uri.EscapeDataString(secret).Replace("%2F", "/", StringComparison.Ordinal),
            UrlEncoder.Default.Encode(secret),
            System.Net.WebUtility.UrlEncode(secret),
            JsonEncodedText.Encode(secret).ToString(),
            JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        ];
        Assert.All(encoded, form => Assert.Equal("[<redacted>]", Redact($"[{form}]", secret)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("us")]
    [InlineData("user:")]
    public void It_is_found_in_base64_of_longer_text(string before)
    {
        const string secret = "s3cr3t-v4lue";
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + secret + "\nmore"));
        var redacted = Redact($"Authorization: Basic {header}", secret);
        Assert.Contains("<redacted>", redacted, StringComparison.Ordinal);
        Assert.True(redacted.Length < $"Authorization: Basic {header}".Length);
    }

    [Fact]
    public void Lines_of_a_long_secret_are_replaced_one_by_one()
    {
        const string key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n";
        Assert.Equal("  <redacted>\r\n  <redacted>", Redact("  MIIEvQIBADANBgkq\r\n  hkiG9w0BAQEFAASC", key));
        Assert.Equal("<redacted>\r\n", Redact(key.ReplaceLineEndings("\r\n"), key));
    }

    [Fact]
    public void A_secret_of_a_megabyte_is_replaced_part_by_part_in_little_memory()
    {
        var random = new Random(1);
        var secret = string.Concat(Enumerable.Range(0, 1 << 20).Select(_ => (char)random.Next('0', 'z')));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var secrets = SecretSet.Of([secret]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 << 20);
        Assert.Equal("", secrets.Redact(secret).Replace("<redacted>", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_line_of_a_large_key_is_replaced_by_itself_and_its_base64_too()
    {
        var random = new Random(2);
        var lines = Enumerable.Range(0, 200).Select(_ => Convert.ToBase64String([.. Enumerable.Range(0, 48).Select(_ => (byte)random.Next(256))])).ToArray();
        var key = string.Join('\n', lines);
        var secrets = SecretSet.Of([key]);
        Assert.All(lines, line => Assert.Equal("[<redacted>]", secrets.Redact($"[{line}]")));
        Assert.Equal("", secrets.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes(key))).Replace("<redacted>", "", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_begin_a_secret_is_passed_on_at_once()
    {
        var shown = new StringBuilder();
        var redactor = new StreamRedactor(SecretSet.Of(["hunter2"]), bytes => shown.Append(Encoding.UTF8.GetString(bytes)));
        redactor.Write("Password: "u8);
        Assert.Equal("Password: ", shown.ToString());
        redactor.Write("hunt"u8);
        Assert.Equal("Password: ", shown.ToString());
        redactor.Write("ing"u8);
        Assert.Equal("Password: hunting", shown.ToString());
        redactor.Write("hunter2"u8);
        Assert.Equal("Password: hunting<redacted>", shown.ToString());
        redactor.Write("hun"u8);
        redactor.Complete();
        Assert.Equal("Password: hunting<redacted>hun", shown.ToString());
    }

    [Fact]
    public void Without_secrets_the_very_same_bytes_pass()
    {
        var bytes = "anything"u8.ToArray();
        var same = false;
        new StreamRedactor(SecretSet.Empty, passed => same = passed == bytes.AsSpan()).Write(bytes);
        Assert.True(same);
    }

    [Fact]
    public void A_set_that_gains_nothing_stays_the_same_object()
    {
        var secrets = SecretSet.Of(["hunter2"]);
        Assert.Same(secrets, secrets.With(["hunter2", "x"]));
        Assert.NotSame(secrets, secrets.With(["hunter3"]));
    }

    [Fact]
    public void Any_split_of_any_text_gives_what_a_plain_search_gives()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var secrets = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Letters(random, random.Next(4, 9))).ToArray();
            var text = Text(random, secrets);

            var shown = new MemoryStream();
            var redactor = new StreamRedactor(SecretSet.Of(secrets), bytes => shown.Write(bytes));
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(random.Next(0, 12), text.Length - at);
                redactor.Write(text.AsSpan(at, length));
                at += length;
            }
            redactor.Complete();

            var result = Encoding.UTF8.GetString(shown.ToArray());
            Assert.Equal(Plainly(text, secrets), result);
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, result, StringComparison.Ordinal));
        }
    }

    private static string Redact(string text, params string[] secrets) => SecretSet.Of(secrets).Redact(text);

    /// <summary>Few letters, so that secrets overlap, nest and nearly match often.</summary>
    private static string Letters(Random random, int length) => new([.. Enumerable.Range(0, length).Select(_ => "XYZ/"[random.Next(4)])]);

    private static byte[] Text(Random random, string[] secrets)
    {
        var text = new StringBuilder();
        while (text.Length < 80)
        {
            var secret = secrets[random.Next(secrets.Length)];
            _ = random.Next(5) switch
            {
                0 => text.Append(secret),
                1 => text.Append(secret.AsSpan(0, random.Next(secret.Length))),
                2 => text.Append(Convert.ToBase64String(Encoding.ASCII.GetBytes("ab"[..random.Next(3)] + secret))),
                3 => text.Append(Uri.EscapeDataString(secret)),
                _ => text.Append(Letters(random, random.Next(4))),
            };
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string Plainly(byte[] text, string[] secrets)
    {
        var found = new List<(int From, int To)>();
        foreach (var form in secrets.SelectMany(SecretForms.Of))
            for (var at = 0; at + form.Length <= text.Length; at++)
                if (text.AsSpan(at, form.Length).SequenceEqual(form)) found.Add((at, at + form.Length));

        var result = new StringBuilder();
        var shown = 0;
        foreach (var (from, to) in found.Order())
        {
            if (from >= shown || shown == 0)
                result.Append(Encoding.ASCII.GetString(text, shown, from - shown)).Append("<redacted>");
            shown = Math.Max(shown, to);
        }
        return result.Append(Encoding.ASCII.GetString(text, shown, text.Length - shown)).ToString();
    }
}
