import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.concurrent.CompletableFuture;

/** Solves a scenario in a process of its own: java RotaProcess.java rota week.json [seconds] */
public class RotaProcess {
    public static void main(String[] args) throws Exception {
        Process rota = new ProcessBuilder(args[0], "solve", "-", "--progress", "jsonl", "--cancel-on-close").start();
        // Both outputs are read at the same time, so that neither fills up.
        var answer = CompletableFuture.supplyAsync(() -> read(rota.getInputStream()));
        var progress = new Thread(() -> {
            var lines = new BufferedReader(new InputStreamReader(rota.getErrorStream(), StandardCharsets.UTF_8));
            lines.lines().forEach(System.err::println); // one JSON object each
        });
        progress.start();

        OutputStream in = rota.getOutputStream(); // left open: closing it, or our end, ends the search
        in.write(Files.readAllBytes(Path.of(args[1])));
        in.flush();
        if (args.length > 2 && !rota.waitFor(Long.parseLong(args[2]), java.util.concurrent.TimeUnit.SECONDS)) {
            in.write("{\"cancel\": true}\n".getBytes(StandardCharsets.UTF_8)); // the best roster so far
            in.flush();
        }

        int code = rota.waitFor(); // 0 done, 1 no roster keeps every rule, 2 a mistake, 4 nothing found in time
        progress.join();
        System.out.print(answer.get()); // the roster, or what is wrong, as JSON
        System.exit(code);
    }

    private static String read(InputStream from) {
        try {
            return new String(from.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
