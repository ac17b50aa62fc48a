// Closing an empty wallet, which cannot be undone.
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { Actions, Button, Dialog, Problem, Stack, toast } from "../../components";
import { graphql } from "../../graphql";

const CloseWalletMutation = graphql(`
  mutation CloseWallet($id: ID!) {
    closeWallet(id: $id) {
      ... on Wallet {
        id
        status
      }
      ... on Problem {
        message
      }
    }
  }
`);

interface Props {
  open: boolean;
  onClose: () => void;
  walletId: string;
  currency: string;
}

export function CloseWallet({ open, onClose, ...wallet }: Props) {
  return (
    <Dialog title={`Close your ${wallet.currency} wallet?`} open={open} onClose={onClose}>
      <Confirmation {...wallet} onKeep={onClose} />
    </Dialog>
  );
}

function Confirmation({ walletId, currency, onKeep }: { walletId: string; currency: string; onKeep: () => void }) {
  const [{ fetching, data, error }, closeWallet] = useMutation(CloseWalletMutation);
  const goTo = useNavigate();
  const closing = data?.closeWallet; // none where the API answers with errors only
  const refusal = closing === undefined || closing.__typename === "Wallet" ? null : closing.message;

  async function close(): Promise<void> {
    const answer = (await closeWallet({ id: walletId })).data?.closeWallet;
    if (answer?.__typename !== "Wallet") return;
    toast({ id: `closed-${walletId}`, icon: "wallet", title: `Your ${currency} wallet is closed` });
    await goTo("/");
  }

  return (
    <Stack>
      <Problem message={error === undefined ? refusal : "The wallet could not be closed just now. Please try again."} />
      <p>It stays closed, and nobody can pay into it. You can open another one of this currency at any time.</p>
      <Actions>
        <Button variant="secondary" onClick={onKeep}>
          Keep it
        </Button>
        <Button variant="danger" onClick={close} busy={fetching}>
          Close wallet
        </Button>
      </Actions>
    </Stack>
  );
}
