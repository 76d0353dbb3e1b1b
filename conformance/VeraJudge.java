import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.RuleId;

/** Reads "flavour path" a line and answers each with a line of JSON. */
public final class VeraJudge {
    private static final int EXAMPLES_PER_RULE = 1;

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        System.setOut(System.err); // what the validator says on its way is no answer
        VeraGreenfieldFoundryProvider.initialise();
        ObjectMapper json = new ObjectMapper();
        BufferedReader questions =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = questions.readLine()) != null; ) {
            String[] question = line.split(" ", 2);
            answers.println(json.writeValueAsString(judge(question[0], new File(question[1]))));
        }
    }

    private static Map<String, Object> judge(String id, File file) {
        Map<String, Object> answer = new LinkedHashMap<>();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
        VeraPDFFoundry foundry = Foundries.defaultInstance();
        try (PDFAParser parser = foundry.createParser(file, flavour);
                PDFAValidator validator =
                    foundry.createValidator(flavour, EXAMPLES_PER_RULE, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            if (result.getPDFAFlavour() != flavour) { // it fell back to another profile
                throw new IllegalStateException("judged as " + result.getPDFAFlavour().getId());
            }
            answer.put("compliant", result.isCompliant());
            answer.put("end", result.getJobEndStatus().toString());
            answer.put("failed", failed(result));
        } catch (Exception | StackOverflowError | OutOfMemoryError error) {
            answer.put("error", String.valueOf(error.getMessage() != null ? error.getMessage() : error));
        }
        return answer;
    }

    private static List<Map<String, Object>> failed(ValidationResult result) {
        Map<RuleId, Map<String, Object>> rules = new LinkedHashMap<>();
        result.getFailedChecks().forEach((id, count) -> {
            Map<String, Object> rule = new LinkedHashMap<>();
            rule.put("clause", id.getClause());
            rule.put("test", id.getTestNumber());
            rule.put("specification", id.getSpecification().getId());
            rule.put("count", count);
            rules.put(id, rule);
        });
        for (TestAssertion assertion : result.getTestAssertions()) {
            Map<String, Object> rule = rules.get(assertion.getRuleId());
            if (rule != null && assertion.getStatus() == TestAssertion.Status.FAILED) {
                String told = assertion.getErrorMessage();
                rule.putIfAbsent("message", told != null ? told : assertion.getMessage());
                rule.putIfAbsent("context", assertion.getLocation().getContext());
            }
        }
        return new ArrayList<>(rules.values());
    }
}
