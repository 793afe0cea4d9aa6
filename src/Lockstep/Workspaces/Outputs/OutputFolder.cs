namespace Lockstep.Workspaces.Outputs;

/// <summary>Where results lie on disk: <c>entries</c> by key, <c>blobs</c> by content, <c>last</c> by recipe. Files appear whole, by renaming.</summary>
internal sealed class OutputFolder(string root)
{
    private static long _temporaries;

    /// <summary>Held shared by who reads or adds, alone by who prunes.</summary>
    public string LockFile => Path.Combine(root, "lock");

    public string Entries => Path.Combine(root, "entries");

    public string Blobs => Path.Combine(root, "blobs");

    public string Recipes => Path.Combine(root, "last");

    public string Temporaries => Path.Combine(root, "temporary");

    public string Entry(string id) => Path.Combine(Entries, id);

    public string Blob(string hash) => Path.Combine(Blobs, hash[..2], hash);

    public string Recipe(string recipe) => Path.Combine(Recipes, recipe);

    /// <summary>Makes the folders.</summary>
    public void Create()
    {
        foreach (var folder in (string[])[Entries, Blobs, Recipes, Temporaries]) PrivateFolder.Create(folder);
    }

    /// <summary>Keeps a content, once however often it occurs; gives its hash and length.</summary>
    public (string Hash, long Length) Keep(Stream content, ContentHash hash, CancellationToken cancel)
    {
        var (temporary, path) = CreateTemporary(Temporaries);
        try
        {
            string name;
            long length;
            using (temporary)
            {
                name = hash.OfStream(content, temporary, cancel);
                length = temporary.Length;
            }

            var blob = Blob(name);
            // One of another length is damaged. One damaged in its place is found when it is restored, and removed then.
            if (new FileInfo(blob) is { Exists: true } kept && kept.Length == length) return (name, length);
            PrivateFolder.Create(Path.GetDirectoryName(blob)!);
            File.Move(path, blob, overwrite: true);
            return (name, length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes a file whole or not at all.</summary>
    public void Write(string path, byte[] bytes)
    {
        var (temporary, from) = CreateTemporary(Temporaries);
        using (temporary) temporary.Write(bytes);
        File.Move(from, path, overwrite: true);
    }

    /// <summary>A new empty file with a name of its own.</summary>
    public static (FileStream File, string Path) CreateTemporary(string folder)
    {
        while (true)
        {
            var path = TemporaryName(folder);
            try
            {
                return (new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), path);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process with this id, seen from another container or long dead, has used the name.
            }
        }
    }

    /// <summary>A name that no other thread of this process uses.</summary>
    public static string TemporaryName(string folder)
        => Path.Combine(folder, $".lockstep-{Environment.ProcessId}-{Interlocked.Increment(ref _temporaries)}");
}
