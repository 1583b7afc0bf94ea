import { useRef } from "preact/hooks";
import { hasToken } from "../api/token";
import { signIn } from "../state/session";

/** Asks for a token. It is kept until the tab is closed, and sent to this server alone. */
export function SignIn() {
  const box = useRef<HTMLInputElement>(null);
  const wrong = hasToken();
  return (
    <form
      class="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        const token = box.current?.value.trim() ?? "";
        if (token !== "") signIn(token);
      }}
    >
      <h1>{wrong ? "This token is not known here" : "A token, please"}</h1>
      <p>
        This server shows predictions to those who have a token. Whoever runs it can give you one: a line of its{" "}
        <code>serve.tokens_file</code>.
      </p>
      <label for="token">Token</label>
      <input id="token" ref={box} type="password" autocomplete="off" autofocus required aria-invalid={wrong} />
      <button type="submit" class="primary">
        Show what breaks next
      </button>
      <p class="soft">It is kept in this tab only, and forgotten when you close it.</p>
    </form>
  );
}
