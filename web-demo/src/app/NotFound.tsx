// A path that leads nowhere.
import { ButtonLink, EmptyState, Page } from "../components";

export function NotFound() {
  return (
    <Page title="Page not found" titleHidden>
      <EmptyState icon="search" title="There is nothing here" action={<ButtonLink to="/">Go home</ButtonLink>}>
        The address may be mistyped, or what was here has moved.
      </EmptyState>
    </Page>
  );
}
