namespace Lockstep.Tests.Shape;

public sealed class Sizes
{
    [Fact]
    public void No_file_is_over_400_lines()
    {
        var tooLong = from file in Repository.SourceFiles()
                      let lines = File.ReadLines(file).Count()
                      where lines > 400
                      select $"{Repository.Relative(file)}: {lines} lines";
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_folder_holds_over_14_files()
    {
        var crowded = from file in Repository.SourceFiles()
                      group file by Path.GetDirectoryName(file) into folder
                      where folder.Count() > 14
                      select $"{Repository.Relative(folder.Key!)}: {folder.Count()} files";
        Assert.Empty(crowded);
    }
}
